"""The API of networks."""

from fastapi import APIRouter

router = APIRouter(prefix="/api/networks", tags=["networks"])
