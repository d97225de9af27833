"""What machines that watch the server ask for: health and metrics."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from qa.server.gate import Gate
from qa.server.metrics import Metrics


def watching(gate: Gate, metrics: Metrics) -> APIRouter:
    """`/healthz` and `/metrics` over a gate."""
    router = APIRouter(include_in_schema=False)

    @router.get("/healthz")
    def health() -> JSONResponse:
        """Whether questions are answered, from which generation, and why not from the newest."""
        assistant = gate.assistant
        told = {
            "live": True, "ready": True,
            "generation": assistant.index.manifest.generation, "degraded": assistant.degraded,
        }  # fmt: skip
        return JSONResponse(told)

    @router.get("/metrics")
    def watched() -> Response:
        """Counts in Prometheus' form."""
        return Response(metrics.text(), media_type="text/plain; version=0.0.4")

    return router
