"""Files that users may download: where they are, under which licence, and what checks that they came whole."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Download:
    """One file of a publisher.

    Attributes
    ----------
    url
        Where it is; empty where the publisher asks for a form or a login, `page` then says where to go.
    licence
        What it may be used for, in one line.
    sha256
        Digest of the file; empty where it is recorded at the first download and held to from then on.
    file
        Name to keep it under; the last part of its address if empty.
    """

    name: str
    title: str
    url: str
    page: str
    licence: str
    reader: str
    sha256: str = ""
    file: str = ""


CATALOGUE: Final[tuple[Download, ...]] = (
    Download(
        "baci-hs92",
        "CEPII BACI, Harmonized System 1992, from 1995, release 202501",
        "https://www.cepii.fr/DATA_DOWNLOAD/baci/data/BACI_HS92_V202501.zip",
        "https://www.cepii.fr/DATA_DOWNLOAD/baci/doc/baci_webpage.html",
        "Etalab Open Licence 2.0: any use, with BACI and the CEPII named",
        "landbridge.formats.baci.read_baci",
    ),
    Download(
        "baci-hs12",
        "CEPII BACI, Harmonized System 2012, from 2012, release 202501",
        "https://www.cepii.fr/DATA_DOWNLOAD/baci/data/BACI_HS12_V202501.zip",
        "https://www.cepii.fr/DATA_DOWNLOAD/baci/doc/baci_webpage.html",
        "Etalab Open Licence 2.0: any use, with BACI and the CEPII named",
        "landbridge.formats.baci.read_baci",
    ),
    Download(
        "cepii-gravity",
        "CEPII Gravity, release 202211 (CSV)",
        "https://www.cepii.fr/DATA_DOWNLOAD/gravity/data/Gravity_csv_V202211.zip",
        "https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=8",
        "Etalab Open Licence 2.0: any use, with the CEPII named",
        "landbridge.formats.cepii_gravity.read_cepii_gravity",
    ),
    Download(
        "itpd-e",
        "USITC International Trade and Production Database for Estimation, release 3 (CSV)",
        "https://www.usitc.gov/data/gravity/itpd_e/r03/ITPDE_R03.zip",
        "https://www.usitc.gov/data/gravity/itpde.htm",
        "see the publisher's page; some countries' records are licensed with conditions",
        "landbridge.formats.itpde.read_itpde",
    ),
    Download(
        "oecd-icio",
        "OECD Inter-Country Input-Output tables (CSV)",
        "",
        "https://www.oecd.org/en/data/datasets/inter-country-input-output-tables.html",
        "OECD terms and conditions: use with attribution",
        "landbridge.formats.io_tables.read_icio",
    ),
    Download(
        "wiod-2016",
        "World Input-Output Database, release 2016: tables of 2000 to 2014 (Stata)",
        "https://dataverse.nl/api/access/datafile/199103",
        "https://doi.org/10.34894/PJ2M1C",
        "Creative Commons Attribution 4.0",
        "landbridge.formats.io_tables.read_wiod",
        file="WIOTS_in_STATA.zip",
    ),
    Download(
        "wiod-2013",
        "World Input-Output Database, release 2013: tables of 1995 to 2011 (Excel, WIOTS_in_EXCEL.zip)",
        "",
        "https://doi.org/10.34894/XDTAUZ",
        "Creative Commons Attribution 4.0",
        "landbridge.formats.io_tables.read_wiod",
    ),
    Download(
        "comtrade",
        "UN Comtrade, a query's CSV",
        "",
        "https://comtradeplus.un.org/",
        "United Nations terms: no redistribution without permission",
        "landbridge.formats.comtrade.read_comtrade",
    ),
    Download(
        "un-locode",
        "UN/LOCODE code list (CSV)",
        "",
        "https://unece.org/trade/cefact/UNLOCODE-Download",
        "United Nations terms of use; PDDL from some redistributors",
        "landbridge.formats.places.read_unlocode",
    ),
    Download(
        "world-port-index",
        "World Port Index, US National Geospatial-Intelligence Agency (CSV)",
        "https://msi.nga.mil/api/publications/download?type=view&key=16920959/SFH00000/UpdatedPub150.csv",
        "https://msi.nga.mil/Publications/WPI",
        "public domain (US government)",
        "landbridge.formats.places.read_world_port_index",
    ),
)
"""What ``landbridge data list`` prints. None of these files comes with landbridge."""


def download_named(name: str) -> Download | None:
    """Return the entry of that name, or None."""
    return next((item for item in CATALOGUE if item.name == name), None)
