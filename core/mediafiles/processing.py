def process_waiting() -> int: return 0
