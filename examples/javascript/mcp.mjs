// Call Signpost as an MCP tool. MCP hosts do this by themselves: give them the address http://127.0.0.1:2024/mcp
// (streamable HTTP).
//
//     npm ci
//     node mcp.mjs "How far in advance must a hot work permit be requested?"

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const url = process.env.SIGNPOST_URL ?? "http://127.0.0.1:2024";
const question = process.argv[2] ?? "How far in advance must a hot work permit be requested?";

const client = new Client({ name: "example", version: "1" });
await client.connect(new StreamableHTTPClientTransport(new URL("/mcp", url)));

const { tools } = await client.listTools();
for (const { name, description } of tools) console.log(`Tool ${name}: ${description}`);

const result = await client.callTool({ name: "signpost", arguments: { question } });
if (result.isError) throw new Error(result.content[0].text);
// One text with the graph's whole output, answer and citations, as Python writes it. A language model reads it as it
// is; a program that needs the fields uses the SDK.
console.log(result.content[0].text);

await client.close();
