"""The endpoints, in files named as in Mastodon's documentation. A file in this folder is all it takes to be served."""

import pkgutil
from importlib import import_module

from linnet.api.endpoint import Endpoint, endpoints_in


def endpoints() -> tuple[Endpoint, ...]:
    """Every endpoint of every file here."""
    modules = [import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
    return endpoints_in(*modules)
