"""All textures in one flat array, each with its chain of half-size copies (mip maps).

One array means that the colours of a whole photo are one indexing operation, whatever panels its pixels show. The
half-size copies keep distant bricks from flickering: a pixel reads from the copy whose texels are about its own size.
"""

import numpy as np
from PIL import Image

SMALLEST_TEXELS = 4
# sRGB bytes -> linear light, because lights add up and pixels average correctly only there.
_BYTE = np.arange(256) / 255.0
LINEAR = np.where(_BYTE <= 0.04045, _BYTE / 12.92, ((_BYTE + 0.055) / 1.055) ** 2.4).astype(np.float32)


class TextureAtlas:
    """Named RGBA textures; texel (row 0) is the top of a panel, so v = 1.

    Args:
        images: name -> Pillow image or uint8 array, RGB or RGBA.
    """

    def __init__(self, images: dict[str, Image.Image | np.ndarray]):
        self.index = {name: number for number, name in enumerate(images)}
        chains = [self._halvings(image) for image in images.values()]
        levels = max(map(len, chains))
        self.start = np.zeros((len(chains), levels), dtype=np.int64)
        self.width = np.ones((len(chains), levels), dtype=np.int32)
        self.height = np.ones((len(chains), levels), dtype=np.int32)
        self.last_level = np.array([len(chain) - 1 for chain in chains], dtype=np.int32)
        self.has_holes = np.array([chain[0][..., 3].min() < 128 for chain in chains])
        total, flat = 0, []
        for number, chain in enumerate(chains):
            for level in range(levels):
                texels = chain[min(level, len(chain) - 1)]
                if level < len(chain):
                    flat.append(texels.reshape(-1, 4))
                    place, total = total, total + flat[-1].shape[0]
                self.start[number, level] = place
                self.height[number, level], self.width[number, level] = texels.shape[:2]
        self._rgba = np.ascontiguousarray(np.concatenate(flat)).view(np.uint32)[:, 0]

    @staticmethod
    def _halvings(image: Image.Image | np.ndarray) -> list[np.ndarray]:
        image = (Image.fromarray(image) if isinstance(image, np.ndarray) else image).convert("RGBA")
        chain = [np.asarray(image)]
        while min(image.size) >= 2 * SMALLEST_TEXELS:
            image = image.resize((image.width // 2, image.height // 2), Image.Resampling.BOX)
            chain.append(np.asarray(image))
        return chain

    def _texel(self, row, column, width, height, start) -> np.ndarray:
        return self._rgba.take(start + (row % height) * width + column % width)

    def alpha(self, texture: int, level: int, u: np.ndarray, v: np.ndarray) -> np.ndarray:
        """Opacity 0..255 of one texture at texture coordinates u, v (N,), nearest texel -> (N,) uint8."""
        level = min(level, int(self.last_level[texture]))
        width, height = int(self.width[texture, level]), int(self.height[texture, level])
        column, row = (u * width).astype(np.int32), ((1 - v) * height).astype(np.int32)
        texels = self._texel(row, column, width, height, int(self.start[texture, level]))
        return texels.view(np.uint8).reshape(-1, 4)[:, 3]

    def colour(self, texture: np.ndarray, level: np.ndarray, u: np.ndarray, v: np.ndarray) -> np.ndarray:
        """Linear RGB (N, 3) float32, bilinear, of texture numbers, mip levels, u and v, each (N,)."""
        level = np.clip(level, 0, self.last_level[texture])
        width, height, start = self.width[texture, level], self.height[texture, level], self.start[texture, level]
        x, y = u * width - np.float32(0.5), (1 - v) * height - np.float32(0.5)
        column, row = np.floor(x), np.floor(y)
        x, y = (x - column)[:, None], (y - row)[:, None]
        column, row = column.astype(np.int32), row.astype(np.int32)
        total = np.zeros((len(u), 3), dtype=np.float32)
        for down, weight_y in ((0, 1 - y), (1, y)):
            for right, weight_x in ((0, 1 - x), (1, x)):
                texels = self._texel(row + down, column + right, width, height, start)
                total += LINEAR[texels.view(np.uint8).reshape(-1, 4)[:, :3]] * (weight_x * weight_y)
        return total
