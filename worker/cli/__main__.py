"""`python -m worker.cli`, the same as `figurewatch`."""

from worker.cli import main

main()
