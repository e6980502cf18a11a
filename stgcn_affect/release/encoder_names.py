"""The names of a released encoder's files and inputs, for its writer, its reader and its check."""

PROGRAM, WEIGHTS, ABOUT, CARD, ONNX = (
    "encoder.pt2",
    "weights.safetensors",
    "encoder.json",
    "README.md",
    "encoder.onnx",
)
"""The program with its weights (torch.export), the weights alone, what a reader must know, the model card, and ONNX."""

INPUTS = ("positions", "stride_time_s")
"""The inputs of the program, in order."""

FORMAT = 1
"""Raised when a folder of an older version can no longer be read."""
