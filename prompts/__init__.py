"""What is said, in a folder a language. Texts only; `tools.text.prompts` reads them."""
