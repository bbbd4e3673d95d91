"""Lifecycle policies and images from files, and what is said about them."""
