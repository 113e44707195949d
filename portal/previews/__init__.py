"""Pages of the participants, shown to those who write them: with nobody behind them."""
