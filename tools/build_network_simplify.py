"""Simplify a graph exactly: short dead ends pruned, chains of two-edge nodes contracted, shapes kept."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Edge:
    """An undirected edge with what must agree before two of them become one."""

    tail: int
    head: int
    km: float
    key: tuple[Any, ...]
    """Mode, gauge, kind, country, passage, name, closed."""
    shape: list[int] = field(default_factory=list)
    """Raw nodes between tail and head, in order."""

    def between(self, start: int) -> list[int]:
        """Return the nodes between the ends when walked from `start`."""
        return self.shape if start == self.tail else self.shape[::-1]

    def other(self, node: int) -> int:
        """Return the other end."""
        return self.head if node == self.tail else self.tail


class Chains:
    """Edges by node, while they are being simplified."""

    def __init__(self, edges: Iterable[Edge], keep: set[int], longest_km: float) -> None:
        self.longest_km = longest_km
        self.edges: dict[int, Edge] = {}
        self.at: dict[int, set[int]] = {}
        self.keep = keep
        self.next = 0
        for edge in edges:
            self.add(edge)

    def add(self, edge: Edge) -> None:
        """Add an edge."""
        self.edges[self.next] = edge
        self.at.setdefault(edge.tail, set()).add(self.next)
        self.at.setdefault(edge.head, set()).add(self.next)
        self.next += 1

    def drop(self, number: int) -> Edge:
        """Take an edge out."""
        edge = self.edges.pop(number)
        self.at[edge.tail].discard(number)
        self.at[edge.head].discard(number)
        return edge

    def prune(self, limit_km: float) -> int:
        """Drop dead ends shorter than the limit, again and again; return how many."""
        queue = deque(n for n, mine in self.at.items() if len(mine) == 1)
        gone = 0
        while queue:
            node = queue.popleft()
            if node in self.keep or len(self.at[node]) != 1:
                continue
            (number,) = self.at[node]
            edge = self.edges[number]
            if edge.km >= limit_km or edge.key[2] != "line" or edge.key[5]:
                continue
            self.drop(number)
            gone += 1
            if len(self.at[edge.other(node)]) == 1:
                queue.append(edge.other(node))
        return gone

    def contract(self) -> int:
        """Make one edge of every two that meet alone at a node and agree; return how many nodes went."""
        gone = 0
        for node in list(self.at):
            mine = self.at[node]
            if node in self.keep or len(mine) != 2:
                continue
            first, second = (self.edges[number] for number in mine)
            a, b = first.other(node), second.other(node)
            if first.key != second.key or node in (a, b) or a == b or first.km + second.km > self.longest_km:
                continue
            shape = [*first.between(a), node, *second.between(node)]
            for number in list(mine):
                self.drop(number)
            self.add(Edge(a, b, first.km + second.km, first.key, shape))
            gone += 1
        return gone

    def dedupe(self) -> int:
        """Keep the shortest of parallel edges that agree; drop loops."""
        best: dict[tuple[Any, ...], int] = {}
        gone = 0
        for number, edge in list(self.edges.items()):
            if edge.tail == edge.head:
                self.drop(number)
                gone += 1
                continue
            pair = (min(edge.tail, edge.head), max(edge.tail, edge.head), edge.key)
            other = best.get(pair)
            if other is None:
                best[pair] = number
            else:
                worse = number if self.edges[other].km <= edge.km else other
                best[pair] = other if worse == number else number
                self.drop(worse)
                gone += 1
        return gone


def simplify(edges: Iterable[Edge], keep: set[int], *, prune_km: float, longest_km: float) -> list[Edge]:
    """Prune, contract and remove parallels until nothing changes; contracted edges stay below `longest_km`.

    Distances between nodes that stay are those of the graph without the pruned dead ends, which no
    shortest way between other nodes uses.
    """
    chains = Chains(edges, keep, longest_km)
    while chains.dedupe() + chains.prune(prune_km) + chains.contract():
        pass
    return list(chains.edges.values())
