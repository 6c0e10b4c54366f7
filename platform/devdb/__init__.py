"""The embedded PostgreSQL server of the demo, of development and of the tests."""

from devdb.errors import EnvironmentNotReady
from devdb.place import Place, locate
from devdb.server import Server

__all__ = ["EnvironmentNotReady", "Place", "Server", "locate"]
