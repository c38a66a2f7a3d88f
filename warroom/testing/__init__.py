"""Shipped fakes and builders for tests of warroom and of its adapters."""
