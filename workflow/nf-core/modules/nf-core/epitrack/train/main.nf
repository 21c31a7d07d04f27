process EPITRACK_TRAIN {
    tag "${meta.id}"
    label 'process_high'

    conda "${moduleDir}/environment.yml"
    container "${ workflow.containerEngine in ['singularity', 'apptainer'] && !task.ext.singularity_pull_docker_container ?
        'https://depot.galaxyproject.org/singularity/epitrack:0.2.0--0':
        'biocontainers/epitrack:0.2.0--0' }"

    input:
    tuple val(meta), path(pairs)
    tuple val(meta2), path(reference)
    path config

    output:
    tuple val(meta), path("${prefix}"), emit: run
    tuple val(meta), path("${prefix}/metrics.json"), emit: metrics
    path "versions.yml", emit: versions

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

    cat <<-END_VERSIONS > versions.yml
    "${task.process}":
        epitrack: \$(epitrack --version | sed 's/epitrack //')
    END_VERSIONS
    """

    stub:
    prefix = task.ext.prefix ?: "${meta.id}"
    """
    mkdir ${prefix}
    touch ${prefix}/run.json ${prefix}/model.safetensors ${prefix}/metrics.json

    cat <<-END_VERSIONS > versions.yml
    "${task.process}":
        epitrack: \$(epitrack --version | sed 's/epitrack //')
    END_VERSIONS
    """
}
