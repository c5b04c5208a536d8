"""Interactive figures: they compute what the library computes, and move by mouse, by touch and by keyboard."""

import itertools
import math

import numpy as np
import pytest
from conftest import ROOT

from mathref.attention import attention_weights, scaled_dot_product_attention
from mathref.backpropagation import Variable, topological_order
from mathref.bayes import posterior
from mathref.convolution import conv2d, output_size
from mathref.covariance import correlation, covariance
from mathref.derivative import derivative, finite_difference
from mathref.determinant import det
from mathref.eigen import eig, eigh
from mathref.entropy import entropy
from mathref.expectation import mean, variance
from mathref.gaussian import gaussian_conditional, gaussian_kl, gaussian_logpdf, gaussian_marginal, gaussian_pdf
from mathref.gradient import directional_derivative
from mathref.gradient import gradient as slopes
from mathref.gradient_descent import gradient_descent, minibatch_gradient_descent
from mathref.initialization import calculate_gain, propagate_variance
from mathref.kl_divergence import js_divergence, kl_divergence
from mathref.matrix import matmul
from mathref.maximum_likelihood import bernoulli_log_likelihood, fit_bernoulli, fit_gaussian, map_bernoulli
from mathref.momentum import heavy_ball, nesterov, optimal_heavy_ball
from mathref.norm import matrix_norm, vector_norm
from mathref.pca import inverse_transform, pca, reconstruction_error, transform
from mathref.pseudoinverse import lstsq
from mathref.softmax import logsumexp, softmax
from mathref.svd import low_rank_approximation, svd
from mathref.vector import angle, dot, project

PAGES = {path.stem: path.stem for path in sorted((ROOT / "docs" / "concepts").glob("*.js"))}
PAGES |= {"low-rank": "svd", "coin": "maximum-likelihood"}
KERNEL = ROOT / "mathref" / "handbook" / "theme" / "static" / "figures.js"
MOVABLE = "[role=slider], input[type=range]"
POINTS = [list(point) for point in itertools.product([-1.7, 0.0, 0.4, 3.0], repeat=2)]
COLUMNS = [(list(a), list(b)) for a in POINTS for b in POINTS]
close = pytest.approx


@pytest.fixture(scope="module")
def computed(browser):
    """compute(state) of a figure for a list of states, on a page that holds nothing but the scripts."""
    page = browser.new_page()
    for script in [KERNEL, *(KERNEL.parents[4] / "docs" / "concepts" / f"{slug}.js" for slug in PAGES)]:
        page.add_script_tag(path=script)

    def compute(slug, states):
        return page.evaluate(
            "([slug, states]) => states.map((state) => mathref.figures[slug].compute(state))", [slug, states]
        )

    yield compute
    page.close()


def near(value, expected):
    return np.allclose(value, expected, rtol=1e-9, atol=1e-9)


def columns(first, second):
    return np.array([first, second]).T


def test_the_vector_figure_measures_as_the_library_does(computed):
    for (a, b), found in zip(COLUMNS, computed("vector", [{"a": a, "b": b} for a, b in COLUMNS]), strict=True):
        assert near(found["product"], dot(a, b))
        assert near([found["lengthA"], found["lengthB"]], [vector_norm(a), vector_norm(b)])
        assert found["angle"] is None if not (any(a) and any(b)) else near(found["angle"], angle(a, b))
        assert found["projection"] is None if not any(b) else near(found["projection"], project(a, onto=b))


def test_the_matrix_figure_has_the_determinant_and_the_eigenpairs_of_the_library(computed):
    for (first, second), found in zip(
        COLUMNS, computed("matrix", [{"first": a, "second": b} for a, b in COLUMNS]), strict=True
    ):
        A = columns(first, second)
        values = np.array([complex(*value) for value in found["values"]])
        assert near(found["det"], det(A))
        assert near([values.sum(), values.prod()], [np.trace(A), det(A)])
        expected = eig(A)
        if abs(values[0] - values[1]) > 1e-6:  # rounding moves a double eigenvalue by its square root
            assert near(values, expected.values)
            assert len(found["vectors"]) == (2 if np.isrealobj(expected.values) else 0)
        for value, vector, theirs in zip(values, found["vectors"], expected.vectors.T, strict=False):
            assert near(matmul(A, vector), value.real * np.array(vector))
            assert near(vector_norm(vector), 1)
            assert near(abs(dot(vector, theirs)), 1) or abs(values[0] - values[1]) < 1e-6


def test_a_multiple_of_the_identity_keeps_every_direction_and_a_shear_one(computed):
    same, shear = computed("matrix", [{"first": [2, 0], "second": [0, 2]}, {"first": [1, 0], "second": [0.6, 1]}])
    assert len(same["vectors"]) == 2
    assert np.abs(shear["vectors"]).tolist() == [[1, 0]]


@pytest.mark.parametrize("p", [0.5, 0.75, 1, 1.5, 2, 3, 60, math.inf])
def test_the_norm_figure_measures_as_the_library_does(p, computed):
    for x, found in zip(POINTS, computed("norm", [{"p": p, "x": x} for x in POINTS]), strict=True):
        assert near(found["size"], vector_norm(x, p))
        assert near(found["others"], [vector_norm(x, other) for other in (1, 2, math.inf)])


def test_the_svd_figure_has_the_factors_of_the_library_up_to_signs(computed):
    for (first, second), found in zip(
        COLUMNS, computed("svd", [{"first": a, "second": b, "stage": 3} for a, b in COLUMNS]), strict=True
    ):
        A, U, s, Vh = columns(first, second), *(np.array(found[name]) for name in ("U", "s", "Vh"))
        expected = svd(A)
        assert near(s, expected.s)
        assert near(U @ np.diag(s) @ Vh, A)
        assert near([U.T @ U, Vh @ Vh.T], [np.eye(2), np.eye(2)])
        assert near(found["shown"], A)
        if s[0] - s[1] > 1e-6:
            assert near(np.abs(np.diag(Vh @ expected.Vh.T)), [1, 1])


@pytest.mark.parametrize("second", [[1, 1], [-2, 0.5]], ids=["det > 0", "det < 0"])
def test_the_stages_of_the_svd_figure_lead_from_the_circle_to_its_image(second, computed):
    states = [{"first": [1, 0.5], "second": second, "stage": stage} for stage in range(4)]
    shown = [np.array(found["shown"]) for found in computed("svd", states)]
    Vh, s = (np.array(computed("svd", states[:1])[0][name]) for name in ("Vh", "s"))
    assert near(shown, [np.eye(2), Vh, np.diag(s) @ Vh, columns([1, 0.5], second)])
    assert det(Vh) == close(1)


def test_the_picture_of_a_rank_is_the_nearest_matrix_of_the_library(computed):
    y, x = np.mgrid[-7.5:8, -7.5:8]
    bars = np.isin(np.arange(16), [2, 7, 8, 13])
    pictures = {
        "ring": np.exp(-(((np.hypot(x, y) - 5) / 1.4) ** 2)),
        "window": (bars | bars[:, np.newaxis]) * 1.0,
        "diagonal": np.eye(16),
    }
    for picture, A in pictures.items():
        s = svd(A).s
        for rank, found in enumerate(computed("low-rank", [{"picture": picture, "rank": r} for r in range(17)])):
            nearest = np.array(found["nearest"])
            assert near(found["s"], s)
            assert near(found["spectral"], s[rank] if rank < 16 else 0)
            assert near(found["share"], matrix_norm(A - nearest) / matrix_norm(A))
            if rank in (0, 16) or s[rank - 1] - s[rank] > 1e-6:  # otherwise several matrices are equally near
                assert near(nearest, low_rank_approximation(A, rank))


@pytest.mark.parametrize(("curve", "f"), [("cubic", lambda x: x**3 / 3 - x), ("kink", abs)])
def test_the_secants_and_tangents_of_the_figure_have_the_slopes_of_the_library(curve, f, computed):
    states = [{"curve": curve, "x": x, "h": h} for x in (-1.7, 0.0, 0.4, 2.0) for h in (-2.0, -0.05, 0.0, 0.05, 1.3)]
    for state, found in zip(states, computed("derivative", states), strict=True):
        x, h = state["x"], state["h"]
        assert near(found["ends"], [f(x), f(x + h)])
        assert near([found["left"], found["right"]], [derivative(f, x, side="left"), derivative(f, x, side="right")])
        if h == 0:
            assert found["secant"] is None
        else:
            scheme = "forward" if h > 0 else "backward"
            assert near(found["secant"], finite_difference(f, x, abs(h), scheme=scheme))


@pytest.mark.parametrize("k", [1, 4, -1])
def test_the_gradient_of_the_figure_and_its_slopes_are_those_of_the_library(k, computed):
    def f(x):
        return (x[0] ** 2 + k * x[1] ** 2) / 4

    states = [{"k": k, "x": x, "turn": turn} for x in POINTS for turn in (-180, -37, 0, 90, 135)]
    for state, found in zip(states, computed("gradient", states), strict=True):
        x, slope = np.array(state["x"]), slopes(f, state["x"])
        assert near(found["value"], f(x))
        assert near(found["gradient"], slope)
        assert near(found["norm"], vector_norm(slope))
        assert near(vector_norm(found["u"]), 1)
        assert near(found["slope"], directional_derivative(f, x, found["u"]))
        if k < 0 or not x.any():
            assert found["off"] is None
        else:
            assert found["off"] == close(math.degrees(angle(-slope, -x)), abs=1e-5)  # near 0 rounding takes its root


def test_the_ellipses_of_the_figure_are_those_of_the_covariance_of_the_library(computed):
    clouds = [[POINTS[(i * step + i * i) % 16] for i in range(6)] for step in range(16)]
    clouds += [[[1.0, 2.0]] * 6, [[x, 0.3] for x in range(6)], [[x, -x / 2] for x in range(6)]]
    for cloud, found in zip(clouds, computed("covariance", [{"points": cloud} for cloud in clouds]), strict=True):
        S, U, spreads = covariance(cloud), np.array(found["axes"]).T, np.array(found["spreads"])
        assert near(found["centre"], mean(cloud))
        assert near(found["covariance"], S)
        assert near(U.T @ U, np.eye(2))
        assert near(S, U @ np.diag(spreads**2) @ U.T)
        assert near(spreads**2, eigh(S).values[::-1])
        if S.diagonal().all():
            assert near(found["correlation"], correlation(cloud)[0, 1])
        else:
            assert found["correlation"] is None
    assert found["correlation"] == close(-1)


@pytest.mark.parametrize("turn", [-90, -20, 0, 37, 90])
def test_the_line_of_the_figure_keeps_what_the_library_says_and_its_components_keep_most(turn, computed):
    clouds = [[POINTS[(i * step + i * i) % 16] for i in range(6)] for step in range(16)]
    clouds += [[[x, 0.3] for x in range(6)], [[x, x] for x in range(6)], [[1, -x] for x in range(6)]]
    u = np.array([math.cos(math.radians(turn)), math.sin(math.radians(turn))])
    for cloud, found in zip(clouds, computed("pca", [{"points": x, "turn": turn} for x in clouds]), strict=True):
        X, fitted = np.array(cloud), pca(cloud)
        line = fitted._replace(components=u[np.newaxis], **{name: np.ones(1) for name in fitted._fields[1:3]})
        assert near(found["centre"], fitted.mean)
        assert near(found["variances"], fitted.explained_variance)
        if fitted.explained_variance[0] - fitted.explained_variance[1] > 1e-6:
            assert near(found["components"], fitted.components)
        assert near(found["kept"], variance(X @ u, ddof=1))
        assert near(found["left"], reconstruction_error(X, line))
        assert near([found["total"], found["kept"] + found["left"]], fitted.explained_variance.sum())
        assert near(found["feet"], inverse_transform(transform(X, line), line))
        angles, shares = np.transpose(found["curve"])
        squares = (fitted.components @ [np.cos(np.radians(angles)), np.sin(np.radians(angles))]) ** 2
        assert near(shares, fitted.explained_variance_ratio @ squares)
    (alone,) = computed("pca", [{"points": [[1, 2]] * 6, "turn": turn}])
    assert alone["total"] == alone["kept"] == alone["left"] == 0


@pytest.mark.parametrize("prior", [0.0, 0.01, 0.5, 1.0])
def test_the_square_of_people_has_the_posteriors_of_the_library(prior, computed):
    rates = itertools.product([0.0, 0.3, 1.0], repeat=2)
    states = [{"prior": prior, "found": found, "alarm": alarm} for found, alarm in rates]
    for state, found in zip(states, computed("bayes", states), strict=True):
        likelihood = np.array([state["found"], state["alarm"]])
        for answer, y in [(found["positive"], likelihood), (found["negative"], 1 - likelihood)]:
            possible = np.dot([prior, 1 - prior], y) > 0
            assert near(answer, posterior([prior, 1 - prior], y)[0]) if possible else answer is None


def test_the_coin_of_the_figure_is_as_likely_as_that_of_the_library(computed):
    for ones, zeros in [(7, 3), (1, 0), (0, 4), (60, 60)]:
        x = [1] * ones + [0] * zeros
        states = [{"ones": ones, "zeros": zeros, "p": p} for p in (0.0, 0.01, 0.5, 0.93, 1.0)]
        for state, found in zip(states, computed("coin", states), strict=True):
            assert near(found["value"], bernoulli_log_likelihood(x, state["p"]))
            assert near([found["best"], found["map"]], [fit_bernoulli(x), map_bernoulli(x, 2, 2)])
    (nothing,) = computed("coin", [{"ones": 0, "zeros": 0, "p": 0.3}])
    assert (nothing["value"], nothing["best"], nothing["map"]) == (0, None, 0.5)


def test_the_gaussian_of_the_figure_is_as_likely_as_that_of_the_library(computed):
    for x in ([-1.5, -0.5, 0, 2], [3.5, -0.8, 3.5, -4], [0.2, 0.3, 0.4, 0.5]):
        mean, variance = fit_gaussian(x)
        states = [{"x": x, "mu": mu, "sigma": sigma} for mu in (-1, 0, 3.3) for sigma in (0.05, 1, 3.2)]
        for state, found in zip(states, computed("maximum-likelihood", states), strict=True):
            assert near(found["value"], gaussian_logpdf(x, state["mu"], state["sigma"] ** 2).sum())
            assert near([found["mean"], found["deviation"] ** 2], [mean, variance])
            assert near(found["top"], gaussian_logpdf(x, mean, variance).sum())
    (equal,) = computed("maximum-likelihood", [{"x": [1, 1, 1, 1], "mu": 1, "sigma": 0.05}])
    assert (equal["deviation"], equal["top"]) == (0, math.inf)


@pytest.mark.parametrize("rho", [-0.95, 0.0, 0.3, 0.8])
def test_the_slice_of_the_gaussian_figure_is_the_conditional_of_the_library(rho, computed):
    cov, states = [[1, rho], [rho, 1]], [{"rho": rho, "x": x} for x in (-3.0, 0.0, 0.7, 1.5)]
    for state, found in zip(states, computed("gaussian", states), strict=True):
        given = gaussian_conditional([0, 0], cov, [0], [state["x"]])
        assert near(found["mean"], given.mean[0])
        assert near(found["deviation"], math.sqrt(given.cov[0, 0]))
        assert near(found["peak"], gaussian_pdf(given.mean, *given))
        assert near(found["marginal"], gaussian_pdf(given.mean, *gaussian_marginal([0, 0], cov, [1])))
        assert near(found["shared"], gaussian_kl([0, 0], cov, [0, 0], [1, 1]))


@pytest.mark.parametrize("T", [0.125, 1.0, 2.0**0.25, 8.0])
def test_the_probabilities_of_the_figure_are_those_of_the_library(T, computed):
    states = [
        {"x": x, "T": T} for x in ([2, 1, 0, -1, 0.5], [4, 4, 4, 4, 4], [-4, 4, -4, 3.9, 0], [-900, 800, 0, 0, 1])
    ]
    for state, found in zip(states, computed("softmax", states), strict=True):
        assert near(found["p"], softmax(state["x"], temperature=T))
        assert near(found["soft"], T * logsumexp(np.divide(state["x"], T)))
    assert near(computed("softmax", states[:1])[0]["odds"], math.exp(1 / T))


@pytest.mark.parametrize("kernel", [[[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], [[1, 0, 0], [0, 0, 0], [0, 2, 0.5]]])
@pytest.mark.parametrize("turned", [False, True])
def test_the_kernel_of_the_figure_gives_what_a_layer_of_the_library_gives(kernel, turned, computed):
    rows = ["000000", "033300", "030000", "033000", "030000", "000000"]
    image, weights = np.array([[*map(int, row)] for row in rows]), np.array(kernel)
    laid = weights[::-1, ::-1] if turned else weights
    options = [{"stride": stride, "padding": padding} for stride in (1, 2, 3) for padding in (0, 1)]
    for each in options:
        spots = [[x, y] for x in range(-2, 8) for y in range(-2, 8)]
        states = [{"kernel": kernel, "turned": turned, "spot": spot, **each} for spot in spots]
        result, size = conv2d([[image]], [[laid]], **each)[0, 0], output_size(6, 3, **each)
        for found in computed("convolution", states):
            assert near(found["result"], result)
            assert near(found["weights"], laid)
            i, j = found["place"]
            assert near(sum(weight * x for weight, x in found["terms"]), result[i, j])
        places = {tuple(found["place"]) for found in computed("convolution", states)}
        assert places == set(itertools.product(range(size), repeat=2))


WORDS = np.array([[-0.4, -0.9], [1.7, 1], [-0.5, 1.6], [-1.6, -0.2], [0.9, -1.5]])  # keys and values of the figure


@pytest.mark.parametrize("T", [0.125, math.sqrt(2), 16.0])
@pytest.mark.parametrize("seen", [1, 3, 5])
def test_the_weights_of_the_attention_figure_are_those_of_the_library(seen, T, computed):
    mask, states = np.arange(5) < seen, [{"q": q, "seen": seen, "T": T, "zero": False} for q in POINTS]
    for state, found in zip(states, computed("attention", states), strict=True):
        given = {"mask": mask, "scale": 1 / T}
        assert near(found["scores"], matmul(WORDS, state["q"]))
        assert near(found["weights"], attention_weights([state["q"]], WORDS, **given)[0])
        assert near(found["output"], scaled_dot_product_attention([state["q"]], WORDS, WORDS, **given)[0])
    states = [{**state, "zero": True} for state in states]
    for state, found in zip(states, computed("attention", states), strict=True):  # which hides nothing
        assert near(found["weights"], softmax(mask * matmul(WORDS, state["q"]), temperature=T))


DISTRIBUTIONS = [
    [share / 4 for share in shares] for shares in itertools.product(range(5), repeat=6) if sum(shares) == 4
] + [[0.05, 0.08, 0.11, 0.17, 0.24, 0.35]]


def test_the_entropy_figure_counts_the_bits_of_the_library(computed):
    for p, found in zip(DISTRIBUTIONS, computed("entropy", [{"p": p} for p in DISTRIBUTIONS]), strict=True):
        assert near(found["entropy"], entropy(p))
        assert near(sum(found["terms"]), entropy(p))
        assert near(found["mean"], dot(p, [1, 2, 3, 4, 5, 6]))


def test_the_divergences_of_the_figure_are_those_of_the_library(computed):
    pairs = list(itertools.product(DISTRIBUTIONS[::6], DISTRIBUTIONS[1::5]))
    for (p, q), found in zip(pairs, computed("kl-divergence", [{"p": p, "q": q} for p, q in pairs]), strict=True):
        assert near(found["divergences"], [kl_divergence(p, q), kl_divergence(q, p)])
        assert near(found["js"], js_divergence(p, q))


def test_the_turn_of_the_eigen_figure_is_the_angle_of_the_library(computed):
    for A in [[[1.5, 1], [0.5, 1]], [[1, 1], [0, 1]], [[0, -1], [1, 0]], [[1, 0], [0, 0]], [[-2, 0], [0, -2]]]:
        states = [{"A": A, "v": v} for v in [*POINTS, [2, 1], [-1, 1]]]
        for (v, image), found in zip(
            [(state["v"], matmul(A, state["v"])) for state in states], computed("eigen", states), strict=True
        ):
            assert near(found["image"], image)
            assert found["turn"] is None if not image.any() else near(abs(found["turn"]), np.degrees(angle(v, image)))
            if found["value"] is not None:
                assert near(image, found["value"] * np.array(v))
                assert near(np.abs(eig(A).values - found["value"]).min(), 0)


TAPES = {
    "(ab + c)²": (lambda a, b, c: (a * b + c) ** 2, [-3, 10]),
    "(xx + x) x": (lambda x: (x * x + x) * x, []),
    "tanh(wx + b)": (lambda w, x, b: (w * x + b).tanh(), [2, -0.5]),
}


@pytest.mark.parametrize("name", TAPES)
@pytest.mark.parametrize("first", [-4, -0.5, 0, 0.5, 3])
def test_the_tape_of_the_figure_fills_and_empties_as_that_of_the_library(name, first, computed):
    f, others = TAPES[name]
    inputs = [Variable(x) for x in [first, *others]]
    output = f(*inputs)
    output.backward()
    nodes = inputs + [v for v in topological_order(output) if v.parents]
    steps = computed("backpropagation", [{"name": name, "first": first, "step": step} for step in range(8)])
    assert [found["recorded"] for found in steps] == [0, 1, 2, 3, 3, 2, 1, 0]
    for step, found in enumerate(steps):
        assert near(found["values"], [v.value for v in nodes[: len(inputs) + min(step, 3)]])
    assert not any(found["adjoints"] for found in steps[:4])
    assert near(steps[7]["adjoints"], [v.grad for v in nodes])
    assert steps[4]["adjoints"] == [None] * (len(nodes) - 1) + [1]


@pytest.mark.parametrize("kind", ["linear", "relu", "leaky_relu", "tanh"])
def test_the_courses_of_the_initialization_figure_are_those_of_the_library(kind, computed):
    gains = [0.4, 1, 5 / 3, 2.4]
    for gain, found in zip(gains, computed("initialization", [{"kind": kind, "gain": g} for g in gains]), strict=True):
        ours, *others = (
            propagate_variance([1] * 20, [g**2] * 20, nonlinearity=kind, negative_slope=0.2)
            for g in (gain, math.sqrt(1 / 3), 1, calculate_gain("relu"))
        )
        np.testing.assert_allclose(found["squares"], ours, rtol=1e-9)
        np.testing.assert_allclose(found["others"], others, rtol=1e-9)


def cars():
    page = (ROOT / "docs" / "concepts" / "gradient-descent.md").read_text()
    source = page[page.index("speed = np.repeat") :]
    names = {"np": np}
    exec(source[: source.index("\n\n")], names)
    return names["cars"]


def mulberry32(seed):
    """The generator of the figure, in whole numbers of 32 bits."""
    mask = 0xFFFFFFFF
    while True:
        seed = (seed + 0x6D2B79F5) & mask
        t = ((seed ^ seed >> 15) * (1 | seed)) & mask
        t ^= (t + (t ^ t >> 7) * (61 | t)) & mask
        yield (t ^ t >> 14) / 2**32


def batches(data, size, seed):
    """The examples of one step after another, in the order of the figure."""
    random = mulberry32(seed)
    while True:
        data = data[np.argsort([next(random) for _ in data])]
        yield from (data[first : first + size] for first in range(0, len(data), size))


DATA = cars()
STATES = [
    {"start": start, "batch": batch, "rate": rate, "epochs": epochs, "seed": seed}
    for start in ([-0.5, 0.4], [3, 3], [0, 0])
    for batch, rate in [(1, 0.02), (1, 0.5), (10, 0.1), (10, 1.0), (50, 0.3), (50, 0.7), (50, 1.99)]
    for epochs, seed in [(0, 1), (10, 1), (30, 7)]
]


def gradient(theta, rows):
    x, y = rows.T
    residual = theta[0] + theta[1] * x - y
    return np.array([residual.mean(), (residual * x).mean()])


def loss(theta):
    x, y = DATA.T
    return float(((theta[0] + theta[1] * x - y) ** 2).mean() / 2)


def test_the_paths_of_the_figure_are_those_of_the_library(computed):
    for state, found in zip(STATES, computed("gradient-descent", STATES), strict=True):
        start, size, rate, epochs = (state[name] for name in ("start", "batch", "rate", "epochs"))
        steps = batches(DATA, size, state["seed"])
        run = minibatch_gradient_descent(
            lambda theta, _, steps=steps: gradient(theta, next(steps)), DATA, start, rate, size, epochs=epochs
        )
        assert found["diverged"] == (run.reason == "diverged")
        assert len(found["path"]) == len(run.path)
        assert near(found["path"], run.path)
        assert near(found["losses"], [loss(theta) for theta in run.path])


def test_the_figure_with_all_examples_is_plain_descent_and_both_ends_of_the_rates_are_met(computed):
    states = [state for state in STATES if state["batch"] == 50 and state["epochs"] == 10]
    for state, found in zip(states, computed("gradient-descent", states), strict=True):
        run = gradient_descent(lambda t: gradient(t, DATA), state["start"], state["rate"], steps=10, loss=loss)
        assert near(found["path"], run.path)
        assert near(found["losses"], run.losses)
        assert (found["losses"][-1] > found["losses"][0]) == (state["rate"] > found["limit"])
    assert {found["diverged"] for found in computed("gradient-descent", STATES)} == {True, False}


def test_the_minimum_and_the_largest_rate_of_the_figure_are_right(computed):
    found = computed("gradient-descent", STATES[:1])[0]
    X = np.column_stack([np.ones(50), DATA[:, 0]])
    assert near(found["least"], lstsq(X, DATA[:, 1]))
    assert near(found["limit"], 2 / eigh(X.T @ X / 50).values[-1])


BALLS = [
    {"pair": pair, "kappa": kappa, "taken": taken, "start": start, "ahead": ahead}
    for pair in [[0.5, 0.9], [1.9, 0], [2.1, 0], [0.01, 0.99], [3.9, 0.9], [1.2, 0.5], [1.43, 0.4]]
    for kappa, taken, start in [(1, 1, [-1, 0.6]), (30, 60, [0.5, -0.25]), (1000, 200, [0, 1])]
    for ahead in (False, True)
]
GRID = np.meshgrid(np.arange(0.05, 4, 0.1), np.arange(0, 1, 0.05))


def roots(rate, beta, h, ahead):
    """Moduli of those of the matrix that takes error and velocity of a direction of curvature h one step on."""
    kept, share = (1 - rate * h * (1 + beta), beta * beta) if ahead else (1 - rate * h, beta)
    entries = np.stack(np.broadcast_arrays(kept, -rate * share, h, beta), axis=-1)
    return np.abs(np.linalg.eigvals(entries.reshape(*entries.shape[:-1], 2, 2)))


def largest_roots(rates, betas, curvatures, ahead):
    """The largest of all directions, for each of many pairs."""
    return np.max([roots(rates, betas, h, ahead).max(axis=-1) for h in curvatures], axis=0)


def test_the_ball_of_the_figure_rolls_as_that_of_the_library(computed):
    for state, found in zip(BALLS, computed("momentum", BALLS), strict=True):
        curvatures = np.array([1 / state["kappa"], 1])
        optimiser = nesterov if state["ahead"] else heavy_ball
        rate, beta = state["pair"]
        more = {"beta": beta, "steps": state["taken"], "tolerance": 0}
        run = optimiser(lambda x, h=curvatures: h * x, state["start"], rate, **more)
        size = np.abs(run.path).max()
        assert near(np.divide(found["path"], size)[: len(run.path)], run.path / size)
        # A double root is known to half of its digits.
        moduli = [roots(rate, beta, h, state["ahead"]).max() for h in curvatures]
        assert np.allclose(found["factors"], moduli, rtol=1e-7, atol=1e-7)
        assert (max(moduli) < 1 - 1e-9) == (rate < found["limit"])


def test_the_regions_of_the_figure_are_where_no_root_is_larger(computed):
    for state, found in zip(BALLS, computed("momentum", BALLS), strict=True):
        curvatures = [1 / state["kappa"], 1]
        for n, region in zip([math.inf, 100, 50, 20, 10, 5], found["regions"], strict=True):
            rates, betas = np.reshape(region[::7], (-1, 2)).T
            largest, bound = largest_roots(rates, betas, curvatures, state["ahead"]), 10 ** (-1 / n)
            at_the_end = np.isin(rates, (0, 4)) & (largest < bound)
            assert (np.isclose(largest, bound, rtol=0, atol=1e-6) | at_the_end).all()


def test_the_best_pair_of_the_figure_is_that_of_the_library_and_the_best_of_a_grid(computed):
    for state, found in zip(BALLS, computed("momentum", BALLS), strict=True):
        curvatures, goal, ahead = [1 / state["kappa"], 1], found["goal"], state["ahead"]
        if not ahead:
            best = optimal_heavy_ball(*curvatures)
            assert near(goal, best[:2])
            assert np.allclose(found["reached"], best.rate, rtol=1e-7, atol=1e-7)
        assert (found["reached"] <= largest_roots(*GRID, curvatures, ahead) + 1e-7).all()


@pytest.fixture(scope="module")
def touched(browser):
    """A small touch screen, and what its pages said."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    page = context.new_page()
    page.heard = []
    page.on(
        "console", lambda message: page.heard.append(message.text) if message.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: page.heard.append(str(error)))
    yield page
    context.close()


@pytest.fixture(scope="module", params=sorted(PAGES))
def figure(request, touched, address):
    """A figure on a small touch screen, and its first part that moves."""
    page = touched
    page.heard.clear()
    page.mouse.move(0, 0)
    page.goto(f"{address}concepts/{PAGES[request.param]}/")
    figure = page.locator(f'[data-interactive="{request.param}"]')
    figure.scroll_into_view_if_needed()
    figure.locator(".mr-touch").wait_for()
    yield figure
    assert page.heard == []


def test_a_figure_is_made_when_it_comes_near(browser, address):
    page = browser.new_page()
    page.goto(f"{address}concepts/svd/", wait_until="networkidle")
    figure = page.locator('[data-interactive="low-rank"]')
    assert figure.locator(".mr-touch").count() == 0
    assert figure.locator("svg").count() == 1
    figure.scroll_into_view_if_needed()
    figure.locator(".mr-touch").wait_for()
    page.close()


def numbers(figure):
    return figure.locator("output").inner_text()


def grip(figure):
    """The middle of what moves; of a slider, its thumb at the left end."""
    movable = figure.locator(MOVABLE).first
    movable.evaluate("node => node.scrollIntoView({block: 'center'})")  # the bar at the top covers what is under it
    box = movable.bounding_box()
    thumb = 8 if box["width"] > 100 else box["width"] / 2
    return box["x"] + thumb, box["y"] + box["height"] / 2


def test_a_figure_is_dragged_by_mouse(figure):
    before, (x, y), mouse = numbers(figure), grip(figure), figure.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + 34, y - 28, steps=4)
    mouse.up()
    assert numbers(figure) != before


def test_a_figure_is_dragged_by_touch_and_the_page_stays(figure):
    page, before, (x, y) = figure.page, numbers(figure), grip(figure)
    top = page.evaluate("scrollY")
    down = 24 if figure.get_by_role("slider").first.evaluate("node => node.tagName") == "g" else 0
    touches = page.context.new_cdp_session(page)
    for kind, points in [
        ("touchStart", [(x, y)]),
        *(("touchMove", [(x - 9 * step, y + down * step)]) for step in range(1, 7)),
        ("touchEnd", []),
    ]:
        touches.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})
    page.wait_for_timeout(100)
    assert numbers(figure) != before
    assert page.evaluate("scrollY") == top


def test_a_figure_is_moved_by_the_arrow_keys_and_says_so_when_it_rests(figure):
    before, movable, output = numbers(figure), figure.locator(MOVABLE).first, figure.locator("output")
    movable.focus()
    figure.page.keyboard.press("ArrowUp")
    assert output.get_attribute("aria-live") == "off"
    figure.page.wait_for_function("node => node.ariaLive === 'polite'", arg=output.element_handle())
    once = numbers(figure)
    figure.page.keyboard.press("Shift+ArrowUp")
    assert len({before, once, numbers(figure)}) == 3


def test_everything_that_moves_has_a_name_a_value_and_room_for_a_finger(figure):
    for movable in figure.locator(MOVABLE).all():
        box = movable.bounding_box()
        assert min(box["width"], box["height"]) >= 24
        assert movable.get_attribute("aria-valuetext")
        assert movable.get_attribute("aria-label") or movable.evaluate("node => node.labels[0].innerText")


def test_a_figure_fits_a_small_screen_and_needs_no_style_attribute(figure):
    assert figure.page.evaluate("document.documentElement.scrollWidth") == 360
    assert figure.evaluate("node => node.scrollWidth - node.clientWidth") == 0
    assert figure.locator("[style]").count() == 0
    assert figure.locator("figcaption").is_visible()


def test_each_example_sets_the_figure_and_shows_which_one_it_is(figure):
    for button in figure.get_by_role("group", name="Examples").get_by_role("button").all():
        button.click()
        if button.get_attribute("aria-pressed") is not None:
            assert button.get_attribute("aria-pressed") == "true"


@pytest.mark.parametrize("slug", sorted(PAGES))
def test_without_script_the_picture_stays(slug, without_scripts, address):
    without_scripts.goto(f"{address}concepts/{PAGES[slug]}/")
    assert without_scripts.locator(f'[data-interactive="{slug}"] .mr-figure__svg').is_visible()


def test_probabilities_that_are_dragged_keep_the_sum_1(browser):
    page = browser.new_page()
    page.add_script_tag(path=KERNEL)
    for p, i, share in [([0.5, 0.3, 0.2], 0, 0.9), ([1, 0, 0], 0, 0.4), ([0.2, 0.8], 1, 1), ([0, 0, 1], 1, 0)]:
        moved = page.evaluate(
            "([p, i, share]) => mathref.bars('p', p.map(String), '', Number)[i].move({p}, [0, share]).p", [p, i, share]
        )
        assert moved[i] == share
        assert sum(moved) == close(1)
        assert min(moved) >= 0
    page.close()
