// Ask with the LangGraph SDK: a conversation whose answers are shown as they are written.
//
//     npm ci
//     node sdk.mjs "How far in advance must a hot work permit be requested?"

import { createInterface } from "node:readline/promises";
import { Client } from "@langchain/langgraph-sdk";

const url = process.env.SIGNPOST_URL ?? "http://127.0.0.1:2024";
const question = process.argv[2] ?? "How far in advance must a hot work permit be requested?";

const client = new Client({ apiUrl: url });
// The server keeps a thread's turns: a follow-up on the same thread is understood.
const { thread_id: threadId } = await client.threads.create();

let values;
let turn = { input: { question } };
while (turn) {
  const stream = client.runs.stream(threadId, "signpost", {
    ...turn,
    streamMode: ["messages-tuple", "values"],
    durability: "exit",
  });
  for await (const { event, data } of stream) {
    if (event === "messages") process.stdout.write(data[0].content); // the answer and nothing else, in pieces
    else if (event === "values") values = data;
    else if (event === "error") throw new Error(JSON.stringify(data));
  }
  console.log();
  // Before it searches the web, or when a question is unclear, Signpost asks back. The reply goes on where it stopped.
  const interrupt = values.__interrupt__?.[0];
  turn = interrupt && { command: { resume: { answer: await ask(interrupt.value.question) } } };
}

for (const { number, document, page, quote } of values.answer.citations) {
  console.log(`[${number}] ${document.title}${page ? `, p. ${page}` : ""}: ${quote}`);
}

async function ask(text) {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await terminal.question(`${text} `);
  } finally {
    terminal.close();
  }
}
