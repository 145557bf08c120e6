"""An answer as a file that somebody takes along."""
