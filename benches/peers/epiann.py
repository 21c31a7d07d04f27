"""EPIANN in PyTorch, timed as `epitrack bench` times it: the same graph, sizes and batches.

Prints what `epitrack bench --json` writes. Run it through `just bench-peers`.
"""

import argparse
import json
import platform
import time

import torch
from torch import nn
from torch.nn import functional as F

ENHANCER, PROMOTER, FILTERS, WIDTH, POOL, ATTENTION, TOP_K = 3000, 2000, 256, 15, 30, 32, 32
LAMBDA, DROPOUT = 10.0, 0.2


def bins(length):
    return -(-(length - WIDTH + 1) // POOL)


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.enhancer = nn.Linear(FILTERS, ATTENTION, bias=False)
        self.promoter = nn.Linear(FILTERS, ATTENTION, bias=False)
        self.score = nn.Linear(ATTENTION, 1, bias=False)

    def forward(self, enhancer, promoter, over):
        # [n, l_E, 1, d] + [n, 1, l_P, d] -> [n, l_E, l_P]
        total = self.enhancer(enhancer).unsqueeze(2) + self.promoter(promoter).unsqueeze(1)
        return torch.softmax(self.score(torch.tanh(total)).squeeze(-1), dim=over)


def coordinates(inputs):
    return nn.Sequential(
        nn.Linear(inputs, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 2)
    )


class Epiann(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(4, FILTERS, WIDTH, bias=False)
        self.dropout = nn.Dropout(DROPOUT)
        self.attend_promoter = Attention()
        self.attend_enhancer = Attention()
        self.weight = nn.Parameter(torch.randn(FILTERS, FILTERS) * 0.1)
        self.bias = nn.Parameter(torch.full((1,), 0.1))
        self.hidden = nn.Linear(TOP_K, 32)
        self.output = nn.Linear(32, 1)
        self.enhancer_coordinates = coordinates(bins(PROMOTER) * FILTERS)
        self.promoter_coordinates = coordinates(bins(ENHANCER) * FILTERS)
        for parameter in self.parameters():
            nn.init.trunc_normal_(parameter, std=0.1, a=-0.2, b=0.2)

    def encode(self, codes):
        # [n, L] -> [n, 4, L]; code 4 is the zero column
        one_hot = F.one_hot(codes.long(), 5)[:, :, :4].transpose(1, 2).float()
        activations = F.relu(self.conv(one_hot))
        missing = bins(codes.shape[1]) * POOL - activations.shape[2]
        padded = F.pad(activations, (missing // 2, missing - missing // 2))
        # [n, k, l] -> [n, l, k]
        return self.dropout(F.max_pool1d(padded, POOL).transpose(1, 2))

    def forward(self, enhancer, promoter, located=True):
        enhancer, promoter = self.encode(enhancer), self.encode(promoter)
        attention_promoter = self.attend_promoter(enhancer, promoter, 2)
        attention_enhancer = self.attend_enhancer(enhancer, promoter, 1)
        seen_enhancer = attention_enhancer.transpose(1, 2) @ enhancer
        seen_promoter = attention_promoter @ promoter
        interaction = seen_enhancer @ self.weight @ seen_promoter.transpose(1, 2) + self.bias
        largest = interaction.flatten(1).topk(TOP_K, dim=1).values
        logit = self.output(self.dropout(F.relu(self.hidden(largest))))
        if not located:
            # What tracks are made of: the probability and both marginal attentions.
            return logit, attention_enhancer.amax(2), attention_promoter.amax(1)
        return (
            logit,
            self.enhancer_coordinates(seen_enhancer.flatten(1)),
            self.promoter_coordinates(seen_promoter.transpose(1, 2).flatten(1)),
        )


def training_step(model, optimiser, batch):
    enhancer, promoter, label, enhancer_at, promoter_at = batch
    logit, found_enhancer, found_promoter = model(enhancer, promoter)
    loss = (
        LAMBDA * F.binary_cross_entropy_with_logits(logit, label)
        + F.mse_loss(found_enhancer, enhancer_at)
        + F.mse_loss(found_promoter, promoter_at)
    )
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    optimiser.step()


def batch_of(n, device):
    generator = torch.Generator().manual_seed(n)

    def codes(length):
        return torch.randint(0, 4, (n, length), generator=generator, dtype=torch.uint8).to(device)

    targets = [torch.randn(n, 2, generator=generator).to(device) for _ in range(2)]
    label = (torch.arange(n) % 2).float().unsqueeze(1).to(device)
    return codes(ENHANCER), codes(PROMOTER), label, *targets


def seconds(work, device, runs):
    """The median of some runs after two that are not counted."""
    times = []
    for run in range(runs + 2):
        begun = time.perf_counter()
        work()
        if device.type == "cuda":
            torch.cuda.synchronize()
        if run >= 2:
            times.append(time.perf_counter() - begun)
    return sorted(times)[len(times) // 2]


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    arguments.add_argument("--compile", action="store_true", help="under torch.compile")
    arguments.add_argument("--batches", type=int, nargs="+", default=[1, 64, 512])
    arguments.add_argument("--runs", type=int, default=5)
    arguments = arguments.parse_args()

    device = torch.device(arguments.device)
    torch.manual_seed(0)
    model = Epiann().to(device)
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)
    train, infer = training_step, model
    if arguments.compile:
        train, infer = torch.compile(training_step), torch.compile(model)
    results = []
    for n in arguments.batches:
        batch = batch_of(n, device)
        model.train()
        step = seconds(lambda: train(model, optimiser, batch), device, arguments.runs)
        results.append({"what": "training", "batch": n, "seconds": step})
        model.eval()

        def predict():
            with torch.inference_mode():
                return [found.cpu() for found in infer(batch[0], batch[1], located=False)]

        # A short measurement needs more runs than a long one.
        runs = arguments.runs * max(1, 64 // n)
        results.append({"what": "inference", "batch": n, "seconds": seconds(predict, device, runs)})
    for result in results:
        result["pairs_per_second"] = result["batch"] / result["seconds"]
    name = torch.cuda.get_device_name() if device.type == "cuda" else platform.processor()
    title = f"PyTorch {torch.__version__}{' compiled' if arguments.compile else ''}, {name}"
    print(json.dumps({"device": title, "threads": torch.get_num_threads(), "results": results}, indent=2))


if __name__ == "__main__":
    main()
