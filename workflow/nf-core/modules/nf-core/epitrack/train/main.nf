process EPITRACK_TRAIN {
    tag "${meta.id}"
    label 'process_high'

    conda "${moduleDir}/environment.yml"
    container "${ workflow.containerEngine in ['singularity', 'apptainer'] && !task.ext.singularity_pull_docker_container ?
        'https://depot.galaxyproject.org/singularity/epitrack:0.2.0--0' :
        'quay.io/biocontainers/epitrack:0.2.0--0' }"

    input:
    tuple val(meta), path(pairs)
    tuple val(meta2), path(reference)
    path config

    output:
    tuple val(meta), path("${prefix}"), emit: run
    tuple val(meta), path("${prefix}/metrics.json"), emit: metrics
    tuple val("${task.process}"), val('epitrack'), eval("epitrack --version | sed 's/epitrack //'"), topic: versions, emit: versions_epitrack

    when:
    task.ext.when == null || task.ext.when

    script:
    def args = task.ext.args ?: ''
    prefix = task.ext.prefix ?: "${meta.id}"
    def settings = config ? "--config ${config}" : ''
    """
    epitrack \\
        --threads ${task.cpus} \\
        train \\
        --pairs ${pairs} \\
        --reference ${reference} \\
        ${settings} \\
        ${args} \\
        --out ${prefix}

    epitrack --threads ${task.cpus} evaluate ${prefix}
    """

    stub:
    prefix = task.ext.prefix ?: "${meta.id}"
    """
    mkdir ${prefix}
    touch ${prefix}/run.json ${prefix}/model.safetensors ${prefix}/metrics.json
    """
}
