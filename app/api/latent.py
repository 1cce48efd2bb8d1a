"""The API of latent."""

from fastapi import APIRouter

router = APIRouter(prefix="/api/latent", tags=["latent"])
