"""Pictures, written as SVG."""
