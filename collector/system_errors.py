"""Why a file cannot be read or written, in the words of the person in front of it.

The system's own words are English and speak of devices; what a full disk, a stick pulled out or a wrong name bring
about is said plainly here, anything else is passed on as the system says it.
"""

import errno

from collector.language import t


def reason(error: OSError | UnicodeDecodeError) -> str:
    """Return why, as half a sentence to stand in brackets."""
    if isinstance(error, UnicodeDecodeError):
        return t("bukan teks UTF-8", en="it is no UTF-8 text")
    match error.errno:
        case errno.ENOENT:
            return t("tidak ada", en="it is not there")
        case errno.EACCES | errno.EPERM:
            return t("tidak diizinkan", en="not allowed")
        case errno.ENOSPC | errno.EDQUOT:
            return t("tempat penyimpanan penuh", en="the disk is full")
        case errno.EFBIG:
            return t("berkas terlalu besar untuk tempat penyimpanan itu", en="the file is too large for that disk")
        case errno.EROFS:
            return t("tempat penyimpanan hanya dapat dibaca", en="the disk can only be read")
        case errno.EIO | errno.ENODEV | errno.ENXIO:
            return t("tempat penyimpanan rusak atau dicabut", en="the disk is damaged or was pulled out")
        case errno.EISDIR:
            return t("itu sebuah folder", en="that is a folder")
        case errno.ENOTDIR:
            return t("bagian alamatnya bukan folder", en="a part of its path is no folder")
        case errno.EEXIST:
            return t("sudah ada", en="it is there already")
        case errno.ENAMETOOLONG:
            return t("namanya terlalu panjang", en="its name is too long")
        case errno.EADDRINUSE:
            return t("sudah dipakai program lain", en="another program uses it")
        case _:
            return error.strerror or str(error)
