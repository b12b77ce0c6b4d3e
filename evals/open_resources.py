"""Resources that are open already, as the graph asks for them."""

from graph.resources import Resources


class OpenResources:
    """Gives the graph the resources of one run: the same for all, or its own with faults in them."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources

    async def get(self) -> Resources:
        """The resources."""
        return self._resources
