"""All textures of PracticeCourt by name: fronts, signs, cut-outs, the floor and plain materials."""

from functools import lru_cache

import numpy as np
from PIL import Image

from posenet_lib.scenes.practice_court import fronts_north, fronts_sides, materials
from posenet_lib.scenes.practice_court.cutouts import cutouts, hills
from posenet_lib.scenes.practice_court.ground import ground
from posenet_lib.scenes.practice_court.signs import signs
from posenet_lib.scenes.practice_court.town.ground import floor
from posenet_lib.scenes.practice_court.town.palette import recoloured

FRONTS = (
    fronts_north.hall, fronts_north.tower, fronts_north.cafe, fronts_sides.shop, fronts_sides.bakery,
    fronts_sides.hotel, fronts_sides.row_house, fronts_north.street,
)  # fmt: skip


@lru_cache(maxsize=1)
def all_textures() -> dict[str, Image.Image | np.ndarray]:
    """Every texture by name; each is drawn from its own seed, so that changing one leaves the others as they were."""
    textures = {paint.__name__: paint(np.random.default_rng(100 + k)) for k, paint in enumerate(FRONTS)}
    front = textures["bakery"]  # its two floors are panels of their own, the upper one further out
    cut = round(front.height * 2.4 / 4.6)
    textures["bakery_upper"] = front.crop((0, 0, front.width, cut))
    textures["bakery"] = front.crop((0, cut, front.width, front.height))
    textures |= signs(np.random.default_rng(200)) | cutouts(np.random.default_rng(300))
    return textures | ground(np.random.default_rng(400)) | _plain(np.random.default_rng(500))


_GREEN = ("leaves_", "hedge", "ivy", "meadow", "hills", "water", "jets")  # hues that stay near what they are
_AS_PAINTED = ("plain", "metal", "bronze", "bark", "soil")


def town_textures(fronts: dict[str, Image.Image], court_seed: int) -> dict[str, Image.Image | np.ndarray]:
    """Textures of another court: its painted fronts and floor, and everything else in other colours."""
    textures: dict[str, Image.Image | np.ndarray] = {}
    for name, image in all_textures().items():
        rng = np.random.default_rng([court_seed, 2, len(textures)])
        hue = 0.05 if name.startswith(_GREEN) else 0.5
        textures[name] = image if name in _AS_PAINTED else recoloured(image, rng, hue)
    rng = np.random.default_rng([court_seed, 3])
    return textures | fronts | {"court_floor": floor(rng), "hills": hills(rng)}


def _plain(rng: np.random.Generator) -> dict[str, np.ndarray]:
    n = 128  # texels of a tile
    return {
        "plain": np.full((8, 8, 3), 255, dtype=np.uint8),
        "brick": materials.blocks(126, 126, (7, 18), (150, 70, 52), (186, 168, 148), rng),
        "sandstone": materials.blocks(120, 120, (20, 40), (212, 184, 132), (170, 142, 100), rng, 1, 9),
        "grey_stone": materials.blocks(n, n, (16, 32), (156, 152, 146), (104, 100, 96), rng, 1, 12),
        "wall_stone": materials.blocks(n, n, (16, 32), (190, 160, 118), (128, 106, 80), rng, 2, 18, 0.4, 8),
        "clay_tiles": materials.roof_tiles(n, n, (176, 88, 58), rng),
        "slate": materials.roof_tiles(n, n, (84, 90, 104), rng),
        "dark_tiles": materials.roof_tiles(n, n, (112, 62, 50), rng),
        "copper": materials.planks(n, n, (104, 168, 146), rng, 16),
        "white_plaster": materials.plaster(n, n, (238, 232, 218), rng, 4),
        "yellow_plaster": materials.plaster(n, n, (228, 176, 84), rng, 5),
        "cream_plaster": materials.plaster(n, n, (232, 214, 170), rng, 5),
        "wood": materials.planks(n, n, (150, 104, 66), rng),
        "pale_wood": materials.planks(n, n, (196, 160, 112), rng),
        "bark": materials.planks(n, n, (104, 82, 62), rng, 5),
        "planks_teal": materials.planks(n, n, (30, 134, 132), rng, 16),
        "metal": materials.plaster(32, 32, (74, 78, 84), rng, 3),
        "bronze": materials.plaster(64, 64, (96, 112, 92), rng, 12),
        "water": materials.water(n, n, rng),
        "soil": materials.plaster(64, 64, (88, 64, 46), rng, 16),
    }
