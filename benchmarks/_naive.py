"""The endpoint that one writes first: a function, pydantic, lists in JSON. What the server is measured against."""

import sys

import torch
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

from lente.models.networks import catalogue

app = FastAPI()
network = catalogue.load("vae_2d")


class Codes(BaseModel):
    z: list[list[float]]


@app.post("/decode")
def decode(codes: Codes):  # type: ignore[no-untyped-def]
    with torch.inference_mode():
        images = network.decode(torch.tensor(codes.z))  # type: ignore[operator]
    return {"images": images.tolist()}


if __name__ == "__main__":
    torch.set_num_threads(1)
    uvicorn.run(app, port=int(sys.argv[1]), log_level="warning")
