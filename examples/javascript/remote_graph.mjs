// Use the server's graph as a node of your own LangGraph.js graph.
//
//     npm ci
//     node remote_graph.mjs "How far in advance must a hot work permit be requested?"

import { Annotation, END, messagesStateReducer, START, StateGraph } from "@langchain/langgraph";
import { RemoteGraph } from "@langchain/langgraph/remote";

const url = process.env.SIGNPOST_URL ?? "http://127.0.0.1:2024";
const question = process.argv[2] ?? "How far in advance must a hot work permit be requested?";

const signpost = new RemoteGraph({ graphId: "signpost", url });

// Your state. Signpost reads `messages` and writes `messages` and `answer`.
const State = Annotation.Root({
  messages: Annotation({ reducer: messagesStateReducer, default: () => [] }),
  answer: Annotation(),
});

// Nobody sits at this graph, so Signpost must not ask back.
const lookUp = ({ messages }) => signpost.invoke({ messages }, { context: { interactive: false } });

const graph = new StateGraph(State)
  .addNode("look_up", lookUp)
  .addEdge(START, "look_up")
  .addEdge("look_up", END)
  .compile();

const { messages, answer } = await graph.invoke({ messages: [{ role: "user", content: question }] });
console.log(messages.at(-1).content);
for (const { number, document, page, quote } of answer.citations) {
  console.log(`[${number}] ${document.title}${page ? `, p. ${page}` : ""}: ${quote}`);
}
