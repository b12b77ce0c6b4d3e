"""The graph that langgraph.json names. No checkpointer: the server brings its own. Nothing is opened on import."""

from agent.resources import shared_resources
from graph.build import build_graph

graph = build_graph(shared_resources())
