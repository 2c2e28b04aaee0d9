"""The keys of a study's TOML files, declared once for reader, writer, checks, schema and manual."""

from dataclasses import dataclass
from typing import Final

from landbridge.appraisal.tables import PROJECT_KEYS
from landbridge.core.columns import Column

SCHEMA_VERSION: Final = 1
"""Version of the study format that this package reads and writes."""


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of entry of a TOML file.

    Attributes
    ----------
    name
        Name of the TOML table; empty for the keys at the head of the file.
    row
        What an entry is.
    keys
        The keys that an entry may hold.
    repeated
        Whether the file holds a list of entries (``[[name]]``) or one (``[name]``).
    key
        Key whose value no two entries may share.
    label
        What the section is called among those of all files, where `name` alone would not tell.
    """

    file: str
    name: str
    row: str
    keys: tuple[Column, ...]
    repeated: bool = True
    key: str = ""
    label: str = ""

    @property
    def id(self) -> str:
        """The name that no other section has."""
        return self.label or self.name

    @property
    def header(self) -> str:
        """The line that opens an entry."""
        return f"[[{self.name}]]" if self.repeated else f"[{self.name}]" if self.name else "the head of the file"


@dataclass(frozen=True, slots=True)
class ChangeKey:
    """A key of a change and the field of `landbridge.study.model.Change` that holds it."""

    column: Column
    field: str


@dataclass(frozen=True, slots=True)
class ChangeSpec:
    """One kind of change: what it does, its keys, and which of them it needs.

    Attributes
    ----------
    one_of
        Groups of keys; of each group at least one must be given.
    """

    kind: str
    row: str
    keys: tuple[ChangeKey, ...]
    one_of: tuple[tuple[str, ...], ...]


def _source(*, required: bool = True) -> Column:
    return Column(
        "source",
        "id",
        "the key of the source in sources.csv (several joined by +), or 'assumption'.",
        refers_to="sources.key",
        required=required,
        default="" if not required else None,
    )


def _text(name: str, description: str, *, required: bool = False) -> Column:
    return Column(name, "text", description, required=required, default=None if required else "")


def _ids(name: str, description: str, refers_to: str, *, required: bool = False) -> Column:
    return Column(name, "ids", description, required=required, default=None if required else "", refers_to=refers_to)


STUDY: Final = Section(
    "study.toml",
    "",
    "what the study is",
    (
        Column("schema_version", "integer", f"version of the study format; {SCHEMA_VERSION} is the only one."),
        Column("id", "id", "code of the study; the folder's name if left out.", required=False, default=""),
        _text("title", "title of the study.", required=True),
        Column("base_year", "integer", "year of the baseline.", low=1900, high=2200),
        _text("money", "money of all amounts and its year, such as 'USD of 2017'.", required=True),
        _text("about", "what the study asks, in a paragraph."),
    ),
    repeated=False,
    label="study",
)

SETTINGS: Final = Section(
    "study.toml",
    "settings",
    "how the study is to be run",
    (
        Column(
            "base_network",
            "text",
            "'world' for the shipped world network, 'none' where links.csv holds every line.",
            choices=("world", "none"),
            required=False,
            default="world",
        ),
        Column(
            "deficits",
            "text",
            "what becomes of trade deficits: 'balanced' (removed first), 'additive' or 'multiplicative'.",
            choices=("balanced", "additive", "multiplicative"),
            required=False,
            default="balanced",
        ),
        Column(
            "access_detour_factor",
            "number",
            "length of a road to a terminal as a multiple of the straight line.",
            low=1,
            high=5,
            warn_high=2,
            required=False,
            default=1.3,
        ),
        Column(
            "access_max_km",
            "number",
            "longest road from a zone to a terminal, in km.",
            low=0,
            high=20_000,
            warn_low=50,
            warn_high=2_000,
            required=False,
            default=500.0,
        ),
        Column(
            "delay_form",
            "text",
            "how load slows gates: 'bpr' (a power of flow over capacity) or 'queue' (loads stay near capacity).",
            choices=("bpr", "queue"),
            required=False,
            default="bpr",
        ),
    ),
    repeated=False,
)

PARAMETER: Final = Section(
    "study.toml",
    "parameter",
    "a number of the model with its range",
    (
        Column("name", "id", "name of the parameter."),
        Column("value", "quantity", "value that the runs use."),
        Column("low", "quantity", "low end of its range; equal to value if left out.", required=False),
        Column("high", "quantity", "high end of its range; equal to value if left out.", required=False),
        _text("unit", "unit of value, low and high.", required=True),
        Column(
            "distribution",
            "text",
            "how draws spread over the range: 'triangular' (mode at value), 'uniform', 'normal' (the range holds 95 %) "
            "or 'fixed'.",
            choices=("triangular", "uniform", "normal", "fixed"),
            required=False,
            default="triangular",
        ),
        _source(),
        _text("note", "what the figure is, or the reason for an assumption."),
    ),
    key="name",
)

MEMBER: Final = Section(
    "study.toml",
    "member",
    "a party whose consent measures need",
    (
        Column("id", "id", "code of the member."),
        _text("name", "name as the report prints it.", required=True),
        _ids("economies", "economies that it speaks for; empty for a party that only consents.", "economies.economy"),
    ),
    key="id",
)

MEASURE: Final = Section(
    "measures.toml",
    "measure",
    "one measure: what it changes, whose consent it needs, what must stand before it",
    (
        Column("id", "id", "code of the measure."),
        _text("title", "what is done, in a few words.", required=True),
        _ids("consent", "members whose consent it needs.", "member.id", required=True),
        _ids("requires", "measures that must stand before it.", "measure.id"),
        Column("in_baseline", "boolean", "true where it stands in the baseline.", required=False, default=False),
        Column(
            "works_usd_bn",
            "number",
            "cost of its works, paid once, in billion USD; none where a project of projects.toml holds it.",
            low=0,
            high=10_000,
            warn_high=500,
            required=False,
            default=0.0,
        ),
        Column("paid_by", "id", "member who pays the works.", required=False, default="", refers_to="member.id"),
        _text("why", "why it matters, or the reason for an assumption."),
        _source(),
    ),
    key="id",
)

SCENARIO: Final = Section(
    "scenarios.toml",
    "scenario",
    "measures added to, and taken from, what stands in the baseline",
    (
        Column("name", "id", "name of the scenario."),
        _text("title", "title as the report prints it.", required=True),
        Column(
            "based_on",
            "id",
            "scenario that it starts from; the baseline if left out.",
            required=False,
            default="",
            refers_to="scenario.name",
        ),
        _ids("add", "measures that it adds, in order.", "measure.id"),
        _ids("remove", "measures that it takes away.", "measure.id"),
        _text("why", "what the scenario is for."),
    ),
    key="name",
)

_NOT_BEFORE: Final = Column(
    "not_before_year", "integer", "first year in which it can happen.", low=1900, high=2200, required=False
)
_NOT_AFTER: Final = Column(
    "not_after_year", "integer", "last year in which it can happen.", low=1900, high=2200, required=False
)
_LAG: Final = Column(
    "lag_years",
    "integer",
    "full years that must pass after the year in which its conditions come to stand.",
    low=0,
    high=100,
    required=False,
    default=0,
)
_LAPSES_WITH: Final = _ids("lapses_with", "moves and milestones whose lapse takes this one back too.", "element.id")
_LAPSE_CHANCE: Final = Column(
    "lapse_chance_per_year",
    "number",
    "chance in a year that it lapses by itself while it stands.",
    low=0,
    high=1,
    warn_high=0.5,
    required=False,
    default=0.0,
)

ROADMAP_SETTINGS: Final = Section(
    "roadmap.toml",
    "settings",
    "how the road map is valued",
    (
        Column(
            "discount_factor", "number", "weight of the next year beside this one.", low=0, high=0.999, warn_low=0.8
        ),
        Column(
            "moves_together",
            "integer",
            "most moves made at once in one step.",
            low=1,
            high=16,
            warn_high=4,
            required=False,
            default=2,
        ),
        Column("start_year", "integer", "first year.", low=1900, high=2200),
        Column("horizon_years", "integer", "years that are looked at.", low=1, high=200),
        _ids("goal", "moves and milestones that stand when the goal is reached.", "element.id", required=True),
        _ids("start", "moves and milestones that stand today.", "element.id"),
    ),
    repeated=False,
    label="roadmap_settings",
)

MOVE: Final = Section(
    "roadmap.toml",
    "move",
    "a move that parties decide on: measures added or taken away, or a deed of its own",
    (
        Column("id", "id", "code of the move."),
        _text("title", "what is done.", required=True),
        _ids("adds", "measures that it adds.", "measure.id"),
        _ids("removes", "measures that it takes away.", "measure.id"),
        _ids("consent", "members who must agree; those of its measures if left out.", "member.id"),
        _ids("requires", "moves and milestones that must stand before it.", "element.id"),
        _ids("together_with", "moves that must stand before it or be made in the same step.", "element.id"),
        _ids("excludes", "moves and milestones that must not stand when it is made.", "element.id"),
        _LAPSES_WITH,
        _LAPSE_CHANCE,
        _NOT_BEFORE,
        _NOT_AFTER,
        _LAG,
        _text("why", "why it stands here, or the reason for an assumption."),
        _source(),
    ),
    key="id",
)

MILESTONE: Final = Section(
    "roadmap.toml",
    "milestone",
    "an event that no party of the study decides: by a date, by chance, or after others",
    (
        Column("id", "id", "code of the milestone."),
        _text("title", "what happens.", required=True),
        Column(
            "chance_per_year",
            "number",
            "chance that it happens in a year in which it could; 1 for what only waits.",
            low=0,
            high=1,
            required=False,
            default=1.0,
        ),
        _ids("waits_for", "moves and milestones that come before it.", "element.id"),
        _LAPSES_WITH,
        _LAPSE_CHANCE,
        _NOT_BEFORE,
        _NOT_AFTER,
        _LAG,
        _text("why", "why it matters, or the reason for an assumption."),
        _source(),
    ),
    key="id",
)

STAGE: Final = Section(
    "roadmap.toml",
    "stage",
    "a named group of moves and milestones, none of which comes before the stage's conditions stand",
    (
        Column("id", "id", "code of the stage."),
        _text("title", "name as the report prints it.", required=True),
        _ids("elements", "moves and milestones of the stage.", "element.id", required=True),
        _ids("conditions", "moves and milestones that must stand before any of them.", "element.id"),
    ),
    key="id",
)

WORTH: Final = Section(
    "roadmap.toml",
    "worth",
    "what a move or milestone is worth to a party beyond trade: an input, stated as such",
    (
        Column("party", "id", "member.", refers_to="member.id"),
        Column("element", "id", "move or milestone.", refers_to="element.id"),
        Column(
            "usd_bn_per_year",
            "number",
            "worth while it stands, in billion USD a year; negative for a burden.",
            low=-1e6,
            high=1e6,
        ),
        _text("why", "what it stands for, and the reason for an assumption.", required=True),
        _source(),
    ),
)

STUDY_SECTIONS: Final = (STUDY, SETTINGS, PARAMETER, MEMBER)
ROADMAP_SECTIONS: Final = (ROADMAP_SETTINGS, MOVE, MILESTONE, STAGE, WORTH)
PROJECT_SECTIONS: Final = (
    Section("projects.toml", "project", "a project: works with their use, worth and finance", PROJECT_KEYS, key="id"),
)
