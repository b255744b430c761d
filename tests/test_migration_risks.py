"""What stood in the database about risks before means the same afterwards."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest
from sqlalchemy import Table, update

from assessments.dpia.dpia import Dpia
from assessments.dpia.matrix import DEFAULT_MATRIX, RiskMatrix
from assessments.dpia.risk import DpiaMeasure
from assessments.dpia.settings import RiskMatrixSetting, keep_matrix, matrix_of
from compliance.migrations.carry_risks import carry_risks, named_grades
from compliance.migrations.contracts_0002 import see_every_organisation
from tests.city import FOUNDER, City


def table_of(model: type[Any]) -> Table:
    return cast("Table", model.__table__)


def former(matrix: RiskMatrix) -> str:
    """The default sizes as they were stored before."""
    severities, likelihoods = (
        [[text.de, text.en] for text in axis.values()] for axis in (matrix.severities, matrix.likelihoods)
    )
    return json.dumps(
        {
            "severities": severities,
            "likelihoods": likelihoods,
            "levels": [[shade.name.de, shade.name.en] for shade in matrix.levels.values()],
            "tones": [shade.tone for shade in matrix.levels.values()],
            "table": [[level.name for level in row] for row in matrix.table],
        }
    )


def test_a_stored_matrix_reads_the_same() -> None:
    assert RiskMatrix.from_json(named_grades(former(DEFAULT_MATRIX))) == DEFAULT_MATRIX
    assert named_grades(DEFAULT_MATRIX.to_json()) == DEFAULT_MATRIX.to_json()


@pytest.mark.usefixtures("address")
def test_measures_get_keys_and_matrices_names(city: City) -> None:
    measures = [DpiaMeasure(title=title, risks="R1") for title in ("Löschung", "Schilder")]
    dpia = Dpia(name="Videoschutz", measures=measures)
    city.save(dpia)
    with city.site.database.writing(city.id, actor=FOUNDER) as session:
        keep_matrix(session, DEFAULT_MATRIX)
    with city.site.database.engine.begin() as connection:
        see_every_organisation(connection)
        connection.execute(update(table_of(DpiaMeasure)).values(key=""))
        connection.execute(update(table_of(Dpia)).values(last_measure=0))
        connection.execute(update(table_of(RiskMatrixSetting)).values(content=former(DEFAULT_MATRIX)))
        carry_risks(connection)

    stored = city.stored(dpia)
    assert [(each.title, each.key) for each in stored.measures] == [("Löschung", "M1"), ("Schilder", "M2")]
    assert stored.last_measure == 2
    with city.site.database.reading(city.id) as session:
        assert matrix_of(session) == DEFAULT_MATRIX
