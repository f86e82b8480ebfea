"""Static files under hashed names, compressed once at collection, for ever cacheable."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage that also rewrites `import` lines of our ES modules."""

    support_js_module_import_aggregation = True
