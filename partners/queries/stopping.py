"""Since when a partner is stopped: a part of statements about organisations."""

STOPPED_AT = """
  (SELECT min(h.pgh_created_at) FROM partners_organisationevent h
    WHERE h.pgh_obj_id = o.id AND h.pgh_id > coalesce(
      (SELECT max(b.pgh_id) FROM partners_organisationevent b WHERE b.pgh_obj_id = o.id AND b.is_active), 0))
"""
"""When work with organisation `o` was stopped for the last time, as its history tells; NULL where it goes on."""
