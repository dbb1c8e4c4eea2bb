from patenwerk.places.models.place import Place, PlaceList

__all__ = ["Place", "PlaceList"]
