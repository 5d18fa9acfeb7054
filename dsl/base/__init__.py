"""What every floor may use: sources and spans, errors and the one place that renders them, limits."""
