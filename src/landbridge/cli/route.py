"""``landbridge route``: how a container goes from one place to another."""

from enum import StrEnum
from typing import Annotated, Any

import typer

from landbridge.cli.console import Talk
from landbridge.cli.options import AsJson, Quiet, complete_scenario, complete_study

PLACE_HELP = "City, UN/LOCODE of a port, or latitude,longitude."


class Least(StrEnum):
    """What is to be least."""

    hours = "hours"
    usd = "usd"
    co2 = "co2"
    generalised = "generalised"


def route(
    origin: Annotated[str, typer.Argument(help=PLACE_HELP)],
    destination: Annotated[str, typer.Argument(help=PLACE_HELP)],
    *,
    study: Annotated[
        str | None,
        typer.Option("--study", help="Study whose network and prices to use.", autocompletion=complete_study),
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option("--scenario", help="Scenario of that study.", autocompletion=complete_scenario),
    ] = None,
    by: Annotated[Least, typer.Option("--by", help="What is to be least.")] = Least.generalised,
    alternatives: Annotated[int, typer.Option("--alternatives", "-n", min=1, max=20, help="Routes to show.")] = 1,
    via: Annotated[list[str] | None, typer.Option("--via", help="Crossing, passage, port or country to pass.")] = None,
    avoid: Annotated[list[str] | None, typer.Option("--avoid", help="What not to use.")] = None,
    month: Annotated[int | None, typer.Option("--month", min=1, max=12, help="Month of the journey.")] = None,
    geojson: Annotated[bool, typer.Option("--geojson", help="Print the routes as GeoJSON.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Say what was weighed, and at which rates.")] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Find the best routes for a container between two places anywhere in the world.

    Without --study: a shipped table of world default rates, one class of container.

    For example:
      landbridge route Busan Moscow
      landbridge route Busan Hamburg --by hours -n 3
      landbridge route Seoul Warsaw --study northeast-asia --scenario rail-link --explain
      landbridge route KRPUS 52.23,21.01 --avoid suez --geojson
    """
    from landbridge.pipeline.routes import conditions_of, network_of
    from landbridge.routing.routes import route as find

    talk = Talk(quiet, as_json)
    network = network_of(study, scenario)
    conditions = conditions_of(study, via or (), avoid or (), month)
    ends = _place(origin), _place(destination)
    wanted = max(alternatives, 2) if explain else alternatives
    best = find(network, *ends, by=by.value, alternatives=wanted, conditions=conditions)
    found = best[:alternatives]
    if as_json:
        talk.json({"routes": [_plain(item) for item in found]})
    elif geojson:
        talk.json(_features(found))
    else:
        for number, item in enumerate(found, start=1):
            _show(talk, number, item)
    if explain:
        rates = f"study {study}" if study else "the shipped table of world default rates"
        _explain(talk, best, conditions.freight, by.value, rates)


def _explain(talk: Talk, best: list[Any], freight: Any, by: str, rates: str) -> None:  # noqa: ANN401 - a FreightClass
    """Say what was weighed, what the first route's cost is made of, and by how much the next one is worse."""
    first = best[0]
    talk.say(
        f"Least {by}, at the rates of {rates}. Class '{freight.id}': {freight.value_usd_per_teu:,.0f} USD a TEU, of "
        f"which a day in transit costs {freight.delta_percent_per_day:g} %: {freight.usd_per_teu_hour:.2f} USD an hour."
    )
    resource = first.usd_per_teu - first.charge_usd_per_teu
    talk.say(
        f"Route 1: {resource:,.0f} USD of cost + {first.charge_usd_per_teu:,.0f} of tolls and fees + "
        f"{first.hours:,.1f} h x {freight.usd_per_teu_hour:.2f} = {first.generalised_usd_per_teu:,.0f} USD per TEU."
    )
    if len(best) == 1:
        talk.say("There is no other route that differs enough to be shown.")
        return
    other = best[1]
    passes = ", ".join(dict.fromkeys(word for leg in other.legs if leg.mode != "transfer" for word in leg.passes))
    talk.say(
        f"The next one ({' + '.join(other.modes)}{f'; passes {passes}' if passes else ''}): "
        f"{other.hours - first.hours:+,.1f} h, {other.usd_per_teu - first.usd_per_teu:+,.0f} USD, "
        f"{other.km - first.km:+,.0f} km, {other.co2_kg_per_teu - first.co2_kg_per_teu:+,.0f} kg CO2, "
        f"{other.generalised_usd_per_teu - first.generalised_usd_per_teu:+,.0f} USD per TEU in all."
    )


def _place(text: str) -> str | tuple[float, float]:
    parts = text.split(",")
    try:
        latitude, longitude = (float(part) for part in parts)
    except ValueError:
        return text
    return latitude, longitude


def _plain(item: Any) -> dict[str, Any]:  # noqa: ANN401 - a Route
    return {
        "origin": item.origin,
        "destination": item.destination,
        "hours": item.hours,
        "usd_per_teu": item.usd_per_teu,
        "charge_usd_per_teu": item.charge_usd_per_teu,
        "km": item.km,
        "co2_kg_per_teu": item.co2_kg_per_teu,
        "generalised_usd_per_teu": item.generalised_usd_per_teu,
        "legs": [
            {
                "mode": leg.mode,
                "gauge_mm": leg.gauge_mm,
                "from": leg.from_name,
                "to": leg.to_name,
                "passes": list(leg.passes),
                "hours": leg.hours,
                "usd_per_teu": leg.usd_per_teu,
                "km": leg.km,
                "co2_kg_per_teu": leg.co2_kg_per_teu,
            }
            for leg in item.legs
        ],
    }


def _features(found: list[Any]) -> dict[str, Any]:
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "LineString", "coordinates": [[lon, lat] for lat, lon in leg.points]},
            "properties": {
                "route": number,
                "mode": leg.mode,
                "from": leg.from_name,
                "to": leg.to_name,
                "hours": leg.hours,
                "usd_per_teu": leg.usd_per_teu,
                "km": leg.km,
                "co2_kg_per_teu": leg.co2_kg_per_teu,
            },
        }
        for number, item in enumerate(found, start=1)
        for leg in item.legs
        if leg.mode != "transfer"
    ]
    return {"type": "FeatureCollection", "features": features}


def _show(talk: Talk, number: int, item: Any) -> None:  # noqa: ANN401 - a Route
    rows: list[tuple[object, ...]] = [
        (
            leg.mode,
            leg.from_name if leg.mode != "transfer" else f"at {leg.from_name}",
            leg.to_name if leg.mode != "transfer" else "",
            ", ".join(leg.passes),
            round(leg.hours, 1),
            round(leg.usd_per_teu),
            round(leg.km) if leg.mode != "transfer" else "",
            round(leg.co2_kg_per_teu),
        )
        for leg in item.legs
    ]
    days = f"{item.hours / 24:.1f} days"
    rows.append(
        (
            "total",
            days,
            "",
            "",
            round(item.hours, 1),
            round(item.usd_per_teu),
            round(item.km),
            round(item.co2_kg_per_teu),
        )
    )
    title = f"{number}. {item.origin} to {item.destination}: {' + '.join(item.modes)}"
    talk.table(title, ("leg", "from", "to", "passes", "hours", "USD/TEU", "km", "kg CO2"), rows)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(route)
