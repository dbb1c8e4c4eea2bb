from tests.audit.sealed_flush import flush_past_the_seal

__all__ = ["flush_past_the_seal"]
