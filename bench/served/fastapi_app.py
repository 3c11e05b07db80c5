"""The peer: FastAPI and asyncpg give the rows that a profile reads, as JSON by orjson, unjudged."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import orjson
from fastapi import FastAPI, Request, Response

from bench.country import above

COLUMNS = os.environ["BENCH_COLUMNS"]
SQL = f"SELECT {COLUMNS} FROM monitoring_observation WHERE area_code = ANY($1) AND municipality_code = ''"  # noqa: S608


@asynccontextmanager
async def pool(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(os.environ["MONITORING_DATABASE_URL"], min_size=4, max_size=4) as made:
        app.state.pool = made
        yield


app = FastAPI(lifespan=pool)


@app.get("/rows/{code}")
async def rows(code: str, request: Request) -> Response:
    found = await request.app.state.pool.fetch(SQL, above(code))
    return Response(orjson.dumps([dict(row) for row in found]), media_type="application/json")
