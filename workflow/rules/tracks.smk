# Footprints, tracks in shards, their merge, pages and the hub of all.


rule footprints:
    input:
        inputs,
        plan=PLAN_FILE,
    output:
        f"{RESULTS}/{{cell}}/footprints/{{assay}}.json",
    log:
        "logs/footprints/{cell}.{assay}.log",
    benchmark:
        "benchmarks/footprints/{cell}.{assay}.tsv"
    threads: config["threads"]
    resources:
        mem_mb=memory(1500),
        runtime=config["minutes"]["footprints"],
    retries: config["retries"]
    conda:
        "../envs/epitrack.yaml"
    container:
        config["container"]
    shell:
        "epitrack --threads {threads} run {input.plan} --cell {wildcards.cell} --step footprints > {log} 2>&1"


rule tracks_shard:
    input:
        inputs,
        f"{RESULTS}/{{cell}}/run/run.json",
        footprints,
        plan=PLAN_FILE,
    output:
        temp(directory(f"{RESULTS}/{{cell}}/shards/{{shard}}")),
    log:
        "logs/tracks/{cell}.{shard}.log",
    benchmark:
        "benchmarks/tracks/{cell}.{shard}.tsv"
    params:
        of=len(SHARDS),
    threads: config["threads"]
    resources:
        mem_mb=memory(500, 200),
        runtime=config["minutes"]["tracks"],
        **gpu(),
    retries: config["retries"]
    conda:
        "../envs/epitrack.yaml"
    container:
        config["container"]
    shell:
        "epitrack --threads {threads} run {input.plan} --cell {wildcards.cell} --step tracks"
        " --shard {wildcards.shard}/{params.of} --shard-out {output} > {log} 2>&1"


rule tracks:
    input:
        shards=expand(f"{RESULTS}/{{cell}}/shards/{{shard}}", shard=SHARDS, allow_missing=True),
    output:
        f"{RESULTS}/{{cell}}/tracks/tracks.json",
    log:
        "logs/tracks/{cell}.log",
    benchmark:
        "benchmarks/tracks/{cell}.tsv"
    params:
        out=lambda wildcards, output: os.path.dirname(output[0]),
        mixed="--allow-mixed" if config["allow_mixed"] else "",
    threads: config["threads"]
    resources:
        mem_mb=memory(500, 200),
        runtime=config["minutes"]["tracks"],
    retries: config["retries"]
    conda:
        "../envs/epitrack.yaml"
    container:
        config["container"]
    shell:
        "epitrack --threads {threads} merge {input.shards} --out {params.out} {params.mixed} > {log} 2>&1"


rule view:
    input:
        f"{RESULTS}/{{cell}}/tracks/tracks.json",
        plan=PLAN_FILE,
    output:
        report(f"{RESULTS}/{{cell}}/view.html", caption="../report/view.rst", category="Pairs"),
    log:
        "logs/view/{cell}.log",
    benchmark:
        "benchmarks/view/{cell}.tsv"
    threads: 1
    resources:
        mem_mb=memory(500, 200),
        runtime=config["minutes"]["short"],
        **gpu(),
    retries: config["retries"]
    conda:
        "../envs/epitrack.yaml"
    container:
        config["container"]
    shell:
        "epitrack --threads {threads} run {input.plan} --cell {wildcards.cell} --step view > {log} 2>&1"


rule hub:
    input:
        expand(f"{RESULTS}/{{cell}}/tracks/tracks.json", cell=CELLS),
        expand(f"{RESULTS}/{{cell}}/run/metrics.json", cell=CELLS),
        expand(f"{RESULTS}/{{cell}}/repeats/{{cell}}.{{repeat}}/metrics.json", cell=CELLS, repeat=REPEATS),
        plan=PLAN_FILE,
    output:
        f"{RESULTS}/hub/hub.txt",
        report(f"{RESULTS}/results.tsv", caption="../report/results.rst", category="Results"),
    log:
        "logs/hub.log",
    benchmark:
        "benchmarks/hub.tsv"
    threads: 1
    resources:
        mem_mb=memory(300),
        runtime=config["minutes"]["short"],
    retries: config["retries"]
    conda:
        "../envs/epitrack.yaml"
    container:
        config["container"]
    shell:
        "epitrack run {input.plan} --hub-only > {log} 2>&1"
