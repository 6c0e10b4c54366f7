"""Why the worker does not run a wanted task."""


class TaskNotAllowed(RuntimeError):
    """A task that opens its own scopes was wanted by an organization, or one of an organization by nobody's."""
