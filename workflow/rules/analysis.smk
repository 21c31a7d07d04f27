# What lies under the attention, and the methods beside each other.


rule enrich:
    input:
        inputs,
        f"{RESULTS}/{{cell}}/run/metrics.json",
        footprints,
        there([PLAN.get("enrich", {}).get("interactome")]),
        plan=PLAN_FILE,
    output:
        f"{RESULTS}/{{cell}}/enrichment/analysis.json",
        report(f"{RESULTS}/{{cell}}/enrichment/report.html", caption="../report/enrichment.rst", category="Enrichment"),
    log:
        "logs/enrich/{cell}.log",
    benchmark:
        "benchmarks/enrich/{cell}.tsv"
    threads: config["threads"]
    resources:
        mem_mb=memory(1500, 2000),
        runtime=config["minutes"]["enrich"],
        **gpu(),
    retries: config["retries"]
    conda:
        "../envs/epitrack.yaml"
    container:
        config["container"]
    shell:
        "epitrack --threads {threads} run {input.plan} --cell {wildcards.cell} --step enrich > {log} 2>&1"


rule compare_shard:
    input:
        there([PLAN["reference"], *(cell["pairs"] for cell in CELLS.values())]),
    output:
        temp(directory(f"{RESULTS}/benchmark-shards/{{shard}}")),
    log:
        "logs/compare/{shard}.log",
    benchmark:
        "benchmarks/compare/{shard}.tsv"
    params:
        pairs=[f"{name}={of_plan(cell['pairs'])}" for name, cell in CELLS.items()],
        reference=lambda wildcards: of_plan(PLAN["reference"]),
        methods=",".join(config["benchmark"]["methods"]),
        folds=config["benchmark"]["folds"],
        of=config["benchmark"]["shards"],
        options=config["benchmark"]["options"],
    threads: config["threads"]
    resources:
        mem_mb=memory(1500, 5000),
        runtime=config["minutes"]["train"],
        **gpu(),
    retries: config["retries"]
    conda:
        "../envs/epitrack.yaml"
    container:
        config["container"]
    shell:
        "epitrack --threads {threads} compare --pairs {params.pairs} --reference {params.reference}"
        " --methods {params.methods} --folds {params.folds} {params.options}"
        " --shard {wildcards.shard}/{params.of} --out {output} > {log} 2>&1"


rule compare:
    input:
        shards=expand(
            f"{RESULTS}/benchmark-shards/{{shard}}", shard=range(1, config["benchmark"]["shards"] + 1)
        ),
    output:
        report(f"{RESULTS}/benchmark/summary.tsv", caption="../report/benchmark.rst", category="Results"),
    log:
        "logs/compare.log",
    benchmark:
        "benchmarks/compare.tsv"
    params:
        out=lambda wildcards, output: os.path.dirname(output[0]),
        mixed="--allow-mixed" if config["allow_mixed"] else "",
    threads: 1
    resources:
        mem_mb=memory(1500, 2000),
        runtime=config["minutes"]["short"],
    retries: config["retries"]
    conda:
        "../envs/epitrack.yaml"
    container:
        config["container"]
    shell:
        "epitrack merge {input.shards} --out {params.out} {params.mixed} > {log} 2>&1"
