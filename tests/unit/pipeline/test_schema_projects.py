"""Every table that an appraisal writes is declared, with its columns, its figures and their units."""

from landbridge.pipeline.appraise import appraise_all
from landbridge.pipeline.appraise_tables import appraisal_result
from landbridge.pipeline.schema import RESULT_TABLES
from landbridge.pipeline.schema_projects import PROJECT_TABLES
from landbridge.study.reader import read_study


def test_every_table_of_an_appraisal_is_declared_with_its_columns_and_figures() -> None:
    study = read_study("island-canal")
    declared = {table.name: table for table in PROJECT_TABLES}
    written = appraisal_result(study, appraise_all(study, seed=0)).tables
    assert set(written) == set(declared)
    for name, columns in written.items():
        table = declared[name]
        assert tuple(columns) == table.columns, name
        known = [measure for measure, *_ in table.measures]
        # 'NPV quantile Q' and 'grant element at N %' stand for a family
        starts = tuple(measure.rsplit(" ", 1)[0].removesuffix(" N") for measure in known if measure[-1] in "Q%")
        if known:
            assert {v for v in columns[table.keyed] if v not in known and not v.startswith(starts or "-")} == set(), (
                name
            )


def test_no_two_tables_share_a_name_and_every_figure_has_a_unit_and_a_meaning() -> None:
    tables = (*RESULT_TABLES, *PROJECT_TABLES)
    assert len({table.name for table in tables}) == len(tables)
    for table in tables:
        assert table.about
        assert all(all(part.strip() for part in measure) for measure in table.measures)
