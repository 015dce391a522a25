import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import { inHashOrder } from '../../../src/engine/functions/geo/hashOrder.ts';
import { remembered } from '../../../src/engine/functions/geo/shapes.ts';
import { Bench, dyn, long, real, str } from './evaluate.ts';

let bench: Bench;
before(async () => {
  bench = await Bench.open();
});
after(() => bench.close());

const loaded = (name: string) =>
  Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes(`/node_modules/${name}/`));

describe('the libraries of the Earth', () => {
  it('are loaded by the first call that needs them, each by its own', async () => {
    assert.deepEqual([loaded('s2js'), loaded('h3-js')], [false, false]);
    assert.equal(
      await bench.scalar('geo_point_to_s2cell', [real(-80.195829), real(25.802215), long(8)], 'string'),
      '88d9b',
    );
    assert.deepEqual([loaded('s2js'), loaded('h3-js')], [true, false]);
    assert.equal(await bench.scalar('geo_h3cell_level', [str('862a1072fffffff')], 'int'), 6);
    assert.deepEqual([loaded('s2js'), loaded('h3-js')], [true, true]);
  });
});

describe('the order of a hash set', () => {
  it('is the one of the real engine: the last first, those of a bucket together', () => {
    const cells = ['89c2f9', '89c251', '89c257', '89c25f', '89c2f7', '89c25b', '89c2f5', '89c25d'];
    assert.deepEqual(inHashOrder(cells), [
      '89c25d',
      '89c25b',
      '89c2f7',
      '89c257',
      '89c2f5',
      '89c251',
      '89c25f',
      '89c2f9',
    ]);
  });

  it('has every text once', () => {
    const many = Array.from({ length: 70_000 }, (_, i) => `${i % 69_000}`);
    assert.deepEqual(
      inHashOrder(many)
        .map(Number)
        .sort((a, b) => a - b),
      [...Array(69_000).keys()],
    );
    assert.deepEqual(inHashOrder([]), []);
  });
});

describe('a shape', () => {
  it('is read once for each text, and again after many others', () => {
    let reads = 0;
    const read = remembered((text) => {
      reads++;
      return text.length;
    });
    for (const text of ['a', 'a', 'bb', 'a']) assert.equal(read(text), text.length);
    assert.equal(reads, 2);
    for (let i = 0; i < 100; i++) read(`${i}`.padEnd(50_000));
    read('a');
    assert.equal(reads, 103);
    assert.equal(read(null), undefined);
  });

  const ring = (...corners: (readonly [number, number])[]) => dyn({ type: 'Polygon', coordinates: [corners] });
  const inside = (shape: ReturnType<typeof ring>, lng: number, lat: number) =>
    bench.scalar('geo_point_in_polygon', [real(lng), real(lat), shape], 'bool');

  it('is the smaller side of its ring, over the antimeridian and around a pole, whichever way it is written', async () => {
    const pacific: [number, number][] = [
      [170, -10],
      [-170, -10],
      [-170, 10],
      [170, 10],
      [170, -10],
    ];
    const arctic: [number, number][] = [
      [0, 80],
      [90, 80],
      [180, 80],
      [-90, 80],
      [0, 80],
    ];
    for (const shape of [ring(...pacific), ring(...pacific.toReversed())]) {
      assert.deepEqual(
        [await inside(shape, 180, 0), await inside(shape, -179, 5), await inside(shape, 0, 0)],
        [true, true, false],
      );
    }
    for (const shape of [ring(...arctic), ring(...arctic.toReversed())])
      assert.deepEqual([await inside(shape, 45, 90), await inside(shape, 45, 60)], [true, false]);
  });

  it('shares each place between neighbours: one alone has it', async () => {
    const west = ring([0, 0], [5, 0], [5, 5], [0, 5], [0, 0]),
      east = ring([5, 0], [10, 0], [10, 5], [5, 5], [5, 0]);
    for (const lat of [0, 1, 2.5, 4.99])
      assert.equal(Number(await inside(west, 5, lat)) + Number(await inside(east, 5, lat)), 1, `at ${lat}`);
  });
});

describe('what is measured', () => {
  const park = {
    type: 'Polygon',
    coordinates: [
      [
        [-73.9495, 40.7969],
        [-73.95807266235352, 40.80068603561921],
        [-73.98201942443848, 40.76825672305777],
        [-73.97317886352539, 40.76455136505513],
        [-73.9495, 40.7969],
      ],
    ],
  };

  it("has all the digits of the documentation's examples", async () => {
    for (const [name, args, want] of [
      ['geo_polygon_area', [dyn(park)], 3475207.28346606],
      ['geo_polygon_perimeter', [dyn(park)], 9930.30149604938],
      ['geo_distance_point_to_polygon', [real(-73.9839), real(40.7705), dyn(park)], 259.940756070596],
      [
        'geo_line_length',
        [dyn({ type: 'LineString', coordinates: park.coordinates[0]?.slice(0, 2) })],
        (await bench.scalar(
          'geo_distance_2points',
          [real(-73.9495), real(40.7969), real(-73.95807266235352), real(40.80068603561921)],
          'real',
        )) as number,
      ],
    ] as const) {
      const got = Number(await bench.scalar(name, args, 'real'));
      assert.ok(Math.abs(got - want) < 1e-12 * want, `${name}: ${got}, want ${want}`);
    }
  });
});

describe('the cells that cover a polygon', () => {
  it('hold its places, and no cell is there twice', async () => {
    const shape = dyn({
      type: 'MultiPolygon',
      coordinates: [
        [
          [
            [2, 48],
            [3, 48],
            [3, 49],
            [2, 49],
            [2, 48],
          ],
        ],
        [
          [
            [2.5, 48.5],
            [4, 48.5],
            [4, 50],
            [2.5, 48.5],
          ],
        ],
      ],
    });
    const cells = JSON.parse(
      String(await bench.scalar('geo_polygon_to_s2cells', [shape, long(10)], 'dynamic')),
    ) as string[];
    assert.equal(new Set(cells).size, cells.length);
    for (let i = 0; i < 40; i++) {
      const [lng, lat] = [2 + (i % 8) / 8, 48 + Math.floor(i / 8) / 5];
      const cell = await bench.scalar('geo_point_to_s2cell', [real(lng), real(lat), long(10)], 'string');
      assert.ok(cells.includes(String(cell)), `${lng} ${lat}: ${String(cell)}`);
    }
  });

  it('are as many as the middle of each decides for H3, without those of a hole', async () => {
    const square = [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 1],
        [0, 0],
      ],
      hole = [
        [0.25, 0.25],
        [0.75, 0.25],
        [0.75, 0.75],
        [0.25, 0.75],
        [0.25, 0.25],
      ];
    const cells = async (...rings: number[][][]) =>
      JSON.parse(
        String(
          await bench.scalar(
            'geo_polygon_to_h3cells',
            [dyn({ type: 'Polygon', coordinates: rings }), long(5)],
            'dynamic',
          ),
        ),
      ) as string[];
    const [whole, part, pierced] = [await cells(square), await cells(hole), await cells(square, hole)];
    assert.deepEqual([...pierced, ...part].sort(), whole.sort());
  });
});

describe('a circle', () => {
  it('has as many corners as its tolerance needs, all at its radius', async () => {
    for (const [radius, tolerance, corners] of [
      [20_000, 10, 100],
      [5000, 10, 50],
      [3000, 10, 39],
      [300, 0.1, 122],
    ] as const) {
      const text = await bench.scalar(
        'geo_point_buffer',
        [real(14.4), real(50.1), real(radius), real(tolerance)],
        'dynamic',
      );
      const { coordinates } = JSON.parse(String(text)) as { coordinates: [number, number][][] };
      const [border = []] = coordinates;
      assert.equal(border.length - 1, corners);
      for (const [lng, lat] of border) {
        const far = await bench.scalar('geo_distance_2points', [real(14.4), real(50.1), real(lng), real(lat)], 'real');
        assert.ok(Math.abs(Number(far) - radius) < 1e-6, `${String(far)}, want ${radius}`);
      }
    }
  });
});
