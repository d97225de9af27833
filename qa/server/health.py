"""Health and metrics, for machines that watch the server."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from qa.server.gate import Gate
from qa.server.metrics import Metrics


def health_routes(gate: Gate, metrics: Metrics) -> APIRouter:
    """`/healthz` and `/metrics` over a gate."""
    router = APIRouter(include_in_schema=False)

    @router.get("/healthz")
    def health() -> JSONResponse:
        """Whether questions are answered, from which generation, and why not from the newest."""
        generation, degraded = gate.assistant.index.manifest.generation, gate.assistant.degraded
        return JSONResponse({"live": True, "ready": True, "generation": generation, "degraded": degraded})

    @router.get("/metrics")
    def prometheus() -> Response:
        """Counts in the format of Prometheus."""
        return Response(metrics.text(), media_type="text/plain; version=0.0.4")

    return router
