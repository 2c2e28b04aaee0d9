"""A network without dead ends and with chains of like links in one: the same routes between its places, far smaller."""

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from landbridge.core.arrays import Bool, Int
from landbridge.network.network import Links, Network

ADDED: Final = (
    "km",
    "time_hours",
    "wait_hours",
    "cost_usd_per_teu",
    "charge_usd_per_teu",
    "co2_kg_per_teu",
)
"""Columns that add up along a chain."""


@dataclass(frozen=True, slots=True, eq=False)
class Simplified:
    """A simplified network and what its links are made of.

    Attributes
    ----------
    network
        All nodes of the original, fewer links; both directions of a line are two rows.
    part
        Rows of the original's links, those of new row r from ``start[r]`` to ``start[r + 1]``, in no order.
    """

    network: Network
    part: Int
    start: Int

    def parts_of(self, row: int) -> Int:
        """Return the original links of which a link is made."""
        return self.part[self.start[row] : self.start[row + 1]]


def simplify(network: Network, kept: Bool | None = None) -> Simplified:
    """Return a network on which every route between zones and transfers is as in the original.

    Dead ends without a zone or a transfer go, unless their link has a name or a passage. Two-way lines that meet
    at a node where nothing else happens become one, if they are alike in all that an edit can choose or change
    by (mode, gauge, kind, country, passage, name, months, state, capacity, who earns the charge); lengths, hours
    and costs add up, so that an edit of a whole chain gives what editing its links would give.

    Parameters
    ----------
    network
        Priced, with its zones.
    kept
        Nodes to keep apart besides, shape (n_nodes,).
    """
    links = network.links
    forward, backward, alone = _two_way(links)
    hold = np.zeros(len(network.nodes), np.bool_) if kept is None else kept.copy()
    hold[network.transfers.node] = True
    hold |= network.nodes.kind.mask("zone")
    hold[links.tail[alone]] = True
    hold[links.head[alone]] = True
    worth = _without_dead_ends(links, forward, hold, len(network.nodes))
    forward, backward = forward[worth], backward[worth]
    chain = _chains(links, forward, hold, len(network.nodes))
    return _merged(network, forward, backward, alone, chain)


def _two_way(links: Links) -> tuple[Int, Int, Int]:
    """Return rows forward and back of lines that are alike both ways, and all other rows."""
    order = np.lexsort((np.arange(len(links)), links.edge))
    edge = links.edge[order]
    first = np.flatnonzero(np.append(True, edge[1:] != edge[:-1]))
    count = np.diff(np.append(first, len(edge)))
    pair = first[count == 2]
    a, b = order[pair], order[pair + 1]
    alike = (links.tail[a] == links.head[b]) & (links.head[a] == links.tail[b]) & (links.tail[a] != links.head[a])
    for column in _columns(links):
        alike &= column[a] == column[b]
    speed = links.speed_kmh
    alike &= (speed[a] == speed[b]) | (np.isnan(speed[a]) & np.isnan(speed[b]))
    rest = np.ones(len(links), np.bool_)
    rest[a[alike]] = False
    rest[b[alike]] = False
    return a[alike], b[alike], np.flatnonzero(rest)


def _columns(links: Links) -> list[NDArray[Any]]:
    """Return the columns in which the directions of a line must agree."""
    added: list[NDArray[Any]] = [getattr(links, name) for name in ADDED]
    return _alike(links) + added


def _alike(links: Links) -> list[NDArray[Any]]:
    """Return the columns by which an edit can choose a link, or that do not add up."""
    coded = [links.charge_to, links.kind, links.country, links.passage, links.name]
    plain: list[NDArray[Any]] = [links.mode, links.gauge_mm, links.months, links.open, links.capacity_teu_per_year]
    return plain + [item.codes for item in coded]


def _without_dead_ends(links: Links, rows: Int, hold: Bool, n: int) -> Bool:
    """Return which lines are left when nameless dead ends have gone, shape (n_rows,)."""
    left = np.ones(len(rows), np.bool_)
    tail, head = links.tail[rows], links.head[rows]
    named = (links.name.codes[rows] > 0) | (links.passage.codes[rows] > 0)
    while True:
        degree = np.bincount(tail[left], minlength=n) + np.bincount(head[left], minlength=n)
        end = (degree == 1) & ~hold
        gone = left & ~named & (end[tail] | end[head])
        if not gone.any():
            return left
        left &= ~gone


def _chains(links: Links, forward: Int, hold: Bool, n: int) -> Int:
    """Return the number of each line's chain, shape (n_rows,)."""
    tail, head = links.tail[forward], links.head[forward]
    node = np.concatenate([tail, head])
    line = np.tile(np.arange(len(forward)), 2)
    order = np.argsort(node, kind="stable")
    node, line = node[order], line[order]
    degree = np.bincount(node, minlength=n)
    first = np.flatnonzero(np.append(True, node[1:] != node[:-1]))
    through = first[(degree[node[first]] == 2) & ~hold[node[first]]]
    a, b = line[through], line[through + 1]
    like = a != b
    for column in _alike(links):
        like &= column[forward[a]] == column[forward[b]]
    like &= links.kind.mask("line")[forward[a]]
    joined = coo_matrix((np.ones(int(like.sum())), (a[like], b[like])), shape=(len(forward), len(forward)))
    chain = connected_components(joined, directed=False)[1].astype(np.int64)
    chain = np.unique(chain, return_inverse=True)[1].astype(np.int64)
    count = int(chain.max()) + 1 if len(chain) else 0
    ends = _ends(links, forward, chain, count)
    circle = ((ends[0] < 0) | (ends[0] == ends[1]))[chain]
    chain[circle] = count + np.arange(int(circle.sum()))
    return np.unique(chain, return_inverse=True)[1].astype(np.int64)


def _merged(network: Network, forward: Int, backward: Int, alone: Int, chain: Int) -> Simplified:
    """Return the network with one line a chain, both ways, and then the rows that stay as they are."""
    links = network.links
    count = int(chain.max()) + 1 if len(chain) else 0
    order = np.argsort(chain, kind="stable")
    start = np.searchsorted(chain[order], np.arange(count + 1))
    lead = order[start[:-1]]
    ends = _ends(links, forward, chain, count)
    base = links.take(forward[lead])
    changes: dict[str, Any] = {name: np.bincount(chain, getattr(links, name)[forward], count) for name in ADDED}
    running = changes["time_hours"] - changes["wait_hours"]
    own = ~np.isnan(links.speed_kmh[forward[lead]])
    speed = np.divide(changes["km"], running, out=np.full(count, np.nan), where=own & (running > 0))
    there = replace(base, edge=np.arange(count), tail=ends[0], head=ends[1], speed_kmh=speed, **changes)
    back = replace(there, tail=ends[1], head=ends[0])
    rest = replace(links.take(alone), edge=count + np.unique(links.edge[alone], return_inverse=True)[1])
    part = np.concatenate([forward[order], backward[order], alone])
    lengths = np.diff(start)
    sizes = np.concatenate([lengths, lengths, np.ones(len(alone), np.int64)])
    joined = there.followed_by(back).followed_by(rest)
    return Simplified(
        replace(network, links=joined), part.astype(np.int64), np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    )


def _ends(links: Links, forward: Int, chain: Int, count: int) -> tuple[Int, Int]:
    """Return both ends of each chain, the nodes that occur once in it; -1 where it comes back to its start."""
    node = np.concatenate([links.tail[forward], links.head[forward]])
    of = np.tile(chain, 2)
    order = np.lexsort((node, of))
    node, of = node[order], of[order]
    same_before = np.append(False, (node[1:] == node[:-1]) & (of[1:] == of[:-1]))
    same_after = np.append(same_before[1:], False)
    once = ~(same_before | same_after)
    tail, head = np.full(count, -1, np.int64), np.full(count, -1, np.int64)
    tail[of[once][::-1]] = node[once][::-1]
    head[of[once]] = node[once]
    return tail, head
