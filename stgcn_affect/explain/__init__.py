"""Why a cycle was read as an emotion: maps over joints and phases, and whether they are true."""
