"""The conditions that stores of features above carry when they ask for `statuses s` themselves: the one place's own."""

from linnet.features.statuses.store.visible import UNSILENCED, VISIBLE

__all__ = ["UNSILENCED", "VISIBLE"]
