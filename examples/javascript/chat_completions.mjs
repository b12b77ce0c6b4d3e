// Ask with the openai package: for products that already speak to a chat model.
//
//     npm ci
//     node chat_completions.mjs "How far in advance must a hot work permit be requested?"

import OpenAI from "openai";

const url = process.env.SIGNPOST_URL ?? "http://127.0.0.1:2024";
const question = process.argv[2] ?? "How far in advance must a hot work permit be requested?";

const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: "none" }); // with authentication on the server: the user's token
const stream = await client.chat.completions.create({
  model: "signpost",
  messages: [{ role: "user", content: question }], // the whole conversation: nothing is kept between requests
  stream: true,
  context: { web: "never" }, // optional: what this question may do
});

let citations = [];
for await (const chunk of stream) {
  // The text ends with footnotes, "[1] Title · p. 3", so that it needs nothing else.
  process.stdout.write(chunk.choices[0].delta.content ?? "");
  citations = chunk.citations ?? citations; // with the last chunk
}
console.log();
for (const { number, document, quote } of citations) {
  console.log(`[${number}] ${document.uri}: ${quote}`);
}
