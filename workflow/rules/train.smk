# Train and evaluate: the network whose tracks are written, and repeats with other seeds and test
# chromosomes. A training that was killed goes on where it was. Another e-mail in the plan trains nothing again;
# other settings of the training do not fit the run that is there, which its step says.


rule train:
    input:
        inputs,
        plan=ancient(PLAN_FILE),
    output:
        f"{RESULTS}/{{cell}}/run/run.json",
    log:
        "logs/train/{cell}.log",
    benchmark:
        "benchmarks/train/{cell}.tsv"
    threads: config["threads"]
    resources:
        mem_mb=memory(700, 5000),
        runtime=config["minutes"]["train"],
        **gpu(),
    retries: config["retries"]
    conda:
        "../envs/epitrack.yaml"
    container:
        config["container"]
    shell:
        "epitrack --threads {threads} run {input.plan} --cell {wildcards.cell} --step train > {log} 2>&1"


rule train_repeat:
    input:
        inputs,
        plan=ancient(PLAN_FILE),
    output:
        f"{RESULTS}/{{cell}}/repeats/{{cell}}.{{repeat}}/run.json",
    log:
        "logs/train/{cell}.{repeat}.log",
    benchmark:
        "benchmarks/train/{cell}.{repeat}.tsv"
    threads: config["threads"]
    resources:
        mem_mb=memory(700, 5000),
        runtime=config["minutes"]["train"],
        **gpu(),
    retries: config["retries"]
    conda:
        "../envs/epitrack.yaml"
    container:
        config["container"]
    shell:
        "epitrack --threads {threads} run {input.plan} --cell {wildcards.cell} --step train"
        " --repeat {wildcards.repeat} > {log} 2>&1"


rule evaluate:
    input:
        f"{RESULTS}/{{cell}}/run/run.json",
        plan=PLAN_FILE,
    output:
        f"{RESULTS}/{{cell}}/run/metrics.json",
    log:
        "logs/evaluate/{cell}.log",
    benchmark:
        "benchmarks/evaluate/{cell}.tsv"
    threads: config["threads"]
    resources:
        mem_mb=memory(500, 1000),
        runtime=config["minutes"]["short"],
        **gpu(),
    retries: config["retries"]
    conda:
        "../envs/epitrack.yaml"
    container:
        config["container"]
    shell:
        "epitrack --threads {threads} run {input.plan} --cell {wildcards.cell} --step evaluate > {log} 2>&1"


rule evaluate_repeat:
    input:
        f"{RESULTS}/{{cell}}/repeats/{{cell}}.{{repeat}}/run.json",
        plan=PLAN_FILE,
    output:
        f"{RESULTS}/{{cell}}/repeats/{{cell}}.{{repeat}}/metrics.json",
    log:
        "logs/evaluate/{cell}.{repeat}.log",
    benchmark:
        "benchmarks/evaluate/{cell}.{repeat}.tsv"
    threads: config["threads"]
    resources:
        mem_mb=memory(500, 1000),
        runtime=config["minutes"]["short"],
        **gpu(),
    retries: config["retries"]
    conda:
        "../envs/epitrack.yaml"
    container:
        config["container"]
    shell:
        "epitrack --threads {threads} run {input.plan} --cell {wildcards.cell} --step evaluate"
        " --repeat {wildcards.repeat} > {log} 2>&1"
