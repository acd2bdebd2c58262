"""The doors of old chat systems: other bytes, the same rooms. The dialects themselves are in gateways/dialects."""
