"""Which links and transfers an edit means: by name, passage, port, country and mode."""

import difflib
from dataclasses import dataclass

import numpy as np

from landbridge.core.arrays import Bool, Float
from landbridge.core.coded import Coded
from landbridge.core.problems import Problem
from landbridge.network.network import MODES, Mode, Network
from landbridge.network.pricing import passage_length_km


@dataclass(frozen=True, slots=True)
class Selector:
    """Links and transfers that hold one of the words in every field that is not empty.

    Attributes
    ----------
    names
        Names of crossings, sections and lines of the study; of gauge yards and terminals among transfers.
    passages
        Named straits, canals and sea routes (links only).
    ports
        UN/LOCODEs (transfers between ship and land only).
    countries
        ISO 3166-1 alpha-2 codes of links, and of the nodes of transfers.
    modes
        Modes of links; a transfer has a mode if it comes from it or goes to it.
    """

    names: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    modes: tuple[Mode, ...] = ()

    def links(self, network: Network) -> Bool:
        """Return which links are meant, shape (n_links,)."""
        links = network.links
        chosen = np.full(
            len(links), bool(self.names or self.passages or self.countries or self.modes) and not self.ports
        )
        if self.names:
            chosen &= links.name.mask(*self.names)
        if self.passages:
            chosen &= links.passage.mask(*self.passages)
        if self.countries:
            chosen &= links.country.mask(*self.countries)
        if self.modes:
            chosen &= np.isin(links.mode, [MODES.index(mode) for mode in self.modes])
        return chosen

    def transfers(self, network: Network) -> Bool:
        """Return which transfers are meant, shape (n_transfers,).

        A selector with only countries or modes means links: transfers must be named, as port or yard.
        """
        transfers = network.transfers
        port = transfers.kind.mask("port")
        if self.passages or not (self.names or self.ports):
            return np.zeros(len(transfers), np.bool_)
        chosen = np.zeros(len(transfers), np.bool_)
        if self.ports:
            chosen |= port & transfers.name.mask(*self.ports)
        if self.names:
            chosen |= ~port & transfers.name.mask(*self.names)
        if self.countries:
            chosen &= network.nodes.country.mask(*self.countries)[transfers.node]
        if self.modes:
            wanted = [MODES.index(mode) for mode in self.modes]
            chosen &= np.isin(transfers.from_mode, wanted) | np.isin(transfers.to_mode, wanted)
        return chosen

    def problems(self, network: Network) -> list[Problem]:
        """Return a fault for every word that stands nowhere in the network, and one if nothing is meant."""
        transfers = network.transfers
        port = transfers.kind.mask("port")
        codes = {
            "names": {*_present(network.links.name), *_present(transfers.name.take(~port))},
            "passages": _present(network.links.passage),
            "ports": _present(transfers.name.take(port)),
            "countries": {*_present(network.links.country), *_present(network.nodes.country)},
        }
        found = [
            Problem(
                "LB301", f"{word!r} is not in the network.{_hint(word, known)} Give {what} of the network.", column=what
            )
            for what, known in codes.items()
            for word in getattr(self, what)
            if word not in known
        ]
        if not found and not self.links(network).any() and not self.transfers(network).any():
            found.append(Problem("LB302", f"{self} means no link and no transfer. Name one that is in the network."))
        return found


def _present(words: Coded) -> set[str]:
    """Return the words that stand in at least one row of a coded column."""
    codes = np.unique(words.codes)
    return {words.words[code] for code in codes.tolist()} - {""}


def _hint(word: str, known: set[str]) -> str:
    """Return the nearest known words as a question."""
    near = difflib.get_close_matches(word, sorted(known), n=3, cutoff=0.5)
    return f" Did you mean {' or '.join(near)}?" if near else ""


def part_of_whole(network: Network, rows: Bool) -> Float:
    """Return which part each chosen link is of what is paid or waited once, shape (n_links,).

    A link of a passage is the part of a full transit that its length is; a link of a named section the part
    of the section's length in one direction; a crossing and every other link is a whole.
    """
    links = network.links
    part = np.ones(len(links))
    for passage in _present(links.passage.take(rows)):
        of = rows & links.passage.mask(passage)
        part[of] = links.km[of] / passage_length_km(links, passage)
    line = rows & links.kind.mask("line") & ~links.name.mask("") & links.passage.mask("")
    for name in _present(links.name.take(line)):
        of = line & links.name.mask(name)
        _, first = np.unique(links.edge[of], return_index=True)
        part[of] = links.km[of] / links.km[of][first].sum()
    return part
