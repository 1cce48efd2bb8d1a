"""The API of why: which part of the picture speaks for a class, and which channels carry it."""

from fastapi import APIRouter

router = APIRouter()
