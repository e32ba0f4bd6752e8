"""Faults on purpose and limits of traffic: how Microsoft Graph misbehaves, as often as one asks.

The package knows HTTP and connections. It must not know any workload, nor who may ask for what.
"""

from graphwright_sandbox.faults.plan import FaultPlan, FaultRule, throttled

__all__ = ["FaultPlan", "FaultRule", "throttled"]
